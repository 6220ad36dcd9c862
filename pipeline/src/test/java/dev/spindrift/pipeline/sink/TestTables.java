package dev.spindrift.pipeline.sink;

import dev.spindrift.local.warehouse.LocalWarehouse;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.warehouse.GoldenVectors;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.SqlFile;
import dev.spindrift.pipeline.warehouse.Warehouse;
import dev.spindrift.pipeline.warehouse.WarehouseSettings;
import dev.spindrift.udf.model.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The product's tables in a warehouse that runs while the tests do, seen by one job. */
final class TestTables {
    static final ModelTable MODEL = new ModelTable("builtin", "f1", Rows.DIMENSION, Precision.FP32);
    static final GoldenVectors GOLDEN = new GoldenVectors("a test", List.of(new float[] {0.6f, 0.8f}));

    private static @Nullable Path folder;
    private static @Nullable LocalWarehouse local;
    private static @Nullable String url;

    private final SinkSettings settings;
    private final WarehouseSettings warehouseSettings;

    private TestTables(SinkSettings settings, WarehouseSettings warehouseSettings) {
        this.settings = settings;
        this.warehouseSettings = warehouseSettings;
    }

    /** Tables that are there and empty, staging tables of {@code job} included. */
    static TestTables empty(String job) {
        try {
            TestTables tables = of(job, "PUBLIC");
            try (Connection connection = tables.warehouse().open()) {
                Warehouse.runScript(connection, SqlFile.read("setup.sql"));
            }
            tables.clear();
            return tables.ofJob(job);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot empty the tables of the local warehouse.", e);
        }
    }

    /** The same tables, seen by another job. */
    TestTables ofJob(String job) {
        TestTables tables = of(job, "PUBLIC");
        try (Connection connection = tables.warehouse().open()) {
            new SinkTables(tables.settings(), MODEL).prepare(connection, GOLDEN);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot prepare the staging tables of " + job + ".", e);
        }
        return tables;
    }

    /** A schema without any table. */
    TestTables inSchema(String schema) throws SQLException {
        execute("CREATE SCHEMA IF NOT EXISTS " + schema);
        return of(settings.job(), schema);
    }

    private static synchronized TestTables of(String job, String schema) {
        try {
            if (url == null || folder == null) {
                folder = Files.createTempDirectory("spindrift-test-");
                Files.writeString(folder.resolve("password"), "spindrift");
                local = LocalWarehouse.start(
                        dev.spindrift.local.warehouse.WarehouseSettings.in(folder.resolve("warehouse")));
                url = local.jdbcUrl();
                Runtime.getRuntime().addShutdownHook(new Thread(TestTables::stop));
            }
            SinkSettings settings = new SinkSettings(
                    job,
                    "SPINDRIFT_STAGE",
                    1L << 20,
                    Duration.ofMinutes(1),
                    folder.resolve("files").toString());
            return new TestTables(
                    settings,
                    new WarehouseSettings(
                            url,
                            "spindrift",
                            null,
                            null,
                            "SPINDRIFT",
                            schema,
                            folder.resolve("password").toString(),
                            null,
                            null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop() {
        try {
            if (local != null) {
                local.close();
            }
            if (folder != null) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SinkSettings settings() {
        return settings;
    }

    WarehouseSettings warehouseSettings() {
        return warehouseSettings;
    }

    Warehouse warehouse() {
        return new Warehouse(warehouseSettings, settings.job());
    }

    /** Empties the product's tables and the stage. */
    void clear() throws SQLException {
        clearRows();
        execute("REMOVE @SPINDRIFT_STAGE");
    }

    /** Empties the product's tables, and leaves the model registered. */
    void clearRows() throws SQLException {
        try (Connection connection = warehouse().open();
                Statement statement = connection.createStatement()) {
            for (String table : List.of(
                    "DOCUMENTS", "CHUNKS", "EMBEDDINGS_BUILTIN", "MODELS", "REJECTED_DOCUMENTS", "SINK_LEDGER")) {
                statement.execute("DELETE FROM " + table);
            }
            new SinkTables(settings, MODEL).prepare(connection, GOLDEN);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = warehouse().open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows of a query, their cells joined by {@code |}. */
    List<String> rows(String sql) throws SQLException {
        try (Connection connection = warehouse().open()) {
            return rows(connection, sql);
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    cells.add(String.valueOf(result.getObject(i)));
                }
                rows.add(String.join("|", cells));
            }
        }
        return rows;
    }

    /** All that commits leave behind, but for times and names of files. */
    List<String> dump() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection connection = warehouse().open()) {
            all.addAll(rows(
                    "SELECT DOCUMENT_ID, VERSION, SEQUENCE, EDITION, DELETED, CHUNKS, TOKENS, URI, METADATA, SOURCE,"
                            + " CHECKPOINT_ID FROM DOCUMENTS ORDER BY 1"));
            all.addAll(rows(
                    connection,
                    "SELECT DOCUMENT_ID, VERSION, SEQUENCE, EDITION, POSITION, TEXT, EMBEDDING_KEY FROM CHUNKS"
                            + " ORDER BY 1, 2, 3, 5"));
            all.addAll(rows(connection, "SELECT EMBEDDING_KEY, TOKENS FROM EMBEDDINGS_BUILTIN ORDER BY 1"));
            all.addAll(rows(
                    connection, "SELECT REJECTION_KEY, DOCUMENT_ID, CHECKPOINT_ID FROM REJECTED_DOCUMENTS ORDER BY 1"));
            all.addAll(rows(
                    connection,
                    "SELECT JOB, TABLE_NAME, ROW_COUNT, CHECKPOINT_ID FROM SINK_LEDGER ORDER BY 1, 2, 3, 4"));
        }
        return all;
    }

    /** What writers do: rows into files, one per table, and the files onto the stage. */
    List<StagedFile> stage(long checkpointId, List<TableRow> rows) throws SQLException, IOException {
        Stage stage = new Stage(settings);
        List<StagedFile> staged = new ArrayList<>();
        Map<StagedTable, ParquetFile> files = new EnumMap<>(StagedTable.class);
        try (TempFolder temp = TempFolder.create(Path.of(settings.tempDir()), settings.job());
                Connection connection = warehouse().open()) {
            for (TableRow row : rows) {
                StagedTable table = StagedTable.of(row);
                if (!files.containsKey(table)) {
                    files.put(table, new ParquetFile(table, temp.newFile()));
                }
                files.get(table).write(row);
            }
            for (ParquetFile file : files.values()) {
                file.close();
                long bytes = Files.size(file.path());
                stage.put(connection, file.path(), bytes);
                staged.add(new StagedFile(file.table(), stage.nameOf(file.path()), file.rows(), bytes, checkpointId));
            }
        }
        return staged;
    }
}
