package dev.spindrift.local.warehouse.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An engine in a folder, with the few calls that make tests short. */
final class WarehouseFixture implements AutoCloseable {
    private final AtomicLong queries = new AtomicLong();
    private final Path folder;
    final FolderStages stages;
    private DuckDbEngine engine;
    private SqlSession session;

    WarehouseFixture(Path folder) {
        this.folder = folder;
        this.stages = new FolderStages(folder.resolve("stages"));
        this.engine = DuckDbEngine.open(folder.resolve("data"), stages);
        this.session = open();
    }

    /** With database D and its schema PUBLIC. */
    static WarehouseFixture withDatabase(Path folder) {
        WarehouseFixture warehouse = new WarehouseFixture(folder);
        warehouse.run("CREATE DATABASE D");
        return warehouse;
    }

    /** With what sql/setup.sql makes. */
    static WarehouseFixture withSetup(Path folder) {
        WarehouseFixture warehouse = new WarehouseFixture(folder);
        warehouse.script("setup.sql");
        return warehouse;
    }

    SqlSession session() {
        return session;
    }

    SqlSession open() {
        return engine.openSession("SPINDRIFT", "SPINDRIFT", "PUBLIC", null, null, Map.of());
    }

    void restart() {
        engine.close();
        engine = DuckDbEngine.open(folder.resolve("data"), stages);
        session = open();
    }

    void script(String file) {
        session.split(sqlFile(file)).forEach(this::run);
    }

    static String sqlFile(String name) {
        try {
            return Files.readString(Path.of("../../sql").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StatementResult run(String sql, Bind... binds) {
        return run(session, sql, binds);
    }

    StatementResult run(SqlSession on, String sql, Bind... binds) {
        return on.execute(sql, Arrays.asList(binds), "q" + queries.incrementAndGet());
    }

    List<List<Object>> rows(String sql, Bind... binds) {
        return rows(session, sql, binds);
    }

    List<List<Object>> rows(SqlSession on, String sql, Bind... binds) {
        return rows(run(on, sql, binds));
    }

    static List<List<Object>> rows(StatementResult result) {
        StatementResult.RowCursor cursor = ((StatementResult.Rows) result).cursor();
        List<List<Object>> rows = new ArrayList<>();
        for (Object[] row = cursor.next(); row != null; row = cursor.next()) {
            rows.add(Arrays.asList(row));
        }
        cursor.close();
        return rows;
    }

    /** The one cell of a result. */
    Object cell(String sql, Bind... binds) {
        List<List<Object>> rows = rows(sql, binds);
        if (rows.size() != 1 || rows.get(0).size() != 1) {
            throw new AssertionError("not one cell: " + rows);
        }
        return rows.get(0).get(0);
    }

    List<Column> columns(String sql) {
        return ((StatementResult.Rows) run(sql)).columns();
    }

    static Bind text(@Nullable String... values) {
        return new Bind("TEXT", Arrays.asList(values), values.length != 1);
    }

    static Bind fixed(@Nullable String... values) {
        return new Bind("FIXED", Arrays.asList(values), values.length != 1);
    }

    /** Puts a Parquet file on a stage; the query is DuckDB's. */
    void stage(String stage, String path, String duckDbQuery) {
        Path file = stages.path(stage, path);
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + duckDbQuery + ") TO '" + file + "' (FORMAT parquet, COMPRESSION zstd)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
