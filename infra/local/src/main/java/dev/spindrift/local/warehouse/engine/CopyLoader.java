package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Expression;
import dev.spindrift.local.warehouse.sql.Query;
import dev.spindrift.local.warehouse.sql.Statement;
import dev.spindrift.local.warehouse.stage.StageStore;
import dev.spindrift.local.warehouse.stage.StageStore.StagedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * COPY INTO a table from Parquet files on a stage. DuckDB may read one folder only; each file to load is linked there
 * under a name of our own for as long as the statement runs, so nothing that a client writes becomes a path or a glob.
 */
final class CopyLoader {
    static final int MOST_FILES = 1000;

    private static final Set<String> KNOWN_OPTIONS = Set.of(
            "FORCE",
            "ON_ERROR",
            "PURGE",
            "MATCH_BY_COLUMN_NAME",
            "FILE_FORMAT.TYPE",
            "FILE_FORMAT.USE_VECTORIZED_SCANNER",
            "FILE_FORMAT.USE_LOGICAL_TYPE",
            "FILE_FORMAT.BINARY_AS_TEXT",
            "FILE_FORMAT.COMPRESSION",
            "FILE_FORMAT.FORMAT_NAME",
            "FILE_FORMAT");

    private static final List<Column> COLUMNS = List.of(
            new Column("file", Types.TEXT, true),
            new Column("status", Types.TEXT, true),
            new Column("rows_parsed", Types.NUMBER, true),
            new Column("rows_loaded", Types.NUMBER, true),
            new Column("error_limit", Types.NUMBER, true),
            new Column("errors_seen", Types.NUMBER, true),
            new Column("first_error", Types.TEXT, true),
            new Column("first_error_line", Types.NUMBER, true),
            new Column("first_error_character", Types.NUMBER, true),
            new Column("first_error_column_name", Types.TEXT, true));

    private final Connection connection;
    private final StageStore stages;
    private final Path folder;
    private final QueryBinder queries;

    CopyLoader(Connection connection, StageStore stages, Path folder, QueryBinder queries) {
        this.connection = connection;
        this.stages = stages;
        this.folder = folder;
        this.queries = queries;
    }

    static List<Column> columns() {
        return COLUMNS;
    }

    /** Loads what is to be loaded; one row per file. */
    List<@Nullable Object[]> load(Statement.Copy copy, Catalog.Entry table, String stage) throws SQLException {
        checkOptions(copy);
        Path links = folder.resolve(UUID.randomUUID().toString());
        try {
            List<StagedFile> files = files(copy, stage);
            List<StagedFile> loaded = new ArrayList<>(files);
            if (!flag(copy, "FORCE")) {
                Set<String> known = alreadyLoaded(table, stage);
                loaded.removeIf(file -> known.contains(file.path() + " " + file.md5()));
            }
            Map<StagedFile, Long> rows = loaded.isEmpty() ? Map.of() : load(copy, table, stage, loaded, links);
            return report(files, rows);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read stage " + stage + ": " + e.getMessage(), e);
        } finally {
            delete(links);
        }
    }

    private void checkOptions(Statement.Copy copy) {
        for (String option : copy.options().keySet()) {
            if (!KNOWN_OPTIONS.contains(option)) {
                throw Failures.unsupported("COPY option " + option);
            }
        }
        String onError = copy.options().getOrDefault("ON_ERROR", "ABORT_STATEMENT");
        if (!onError.equalsIgnoreCase("ABORT_STATEMENT")) {
            throw Failures.unsupported("COPY with ON_ERROR = " + onError);
        }
        if (flag(copy, "PURGE")) {
            throw Failures.unsupported("COPY with PURGE, which no transaction takes back");
        }
        String type = type(copy);
        if (!type.equalsIgnoreCase("PARQUET")) {
            throw Failures.unsupported("COPY of files of type " + type);
        }
        if (copy.files().size() > MOST_FILES) {
            throw new SqlFailure(
                    "001068", "42601", "SQL compilation error:\nFILES names more than " + MOST_FILES + " files");
        }
    }

    private String type(Statement.Copy copy) {
        String named = copy.options()
                .getOrDefault("FILE_FORMAT.FORMAT_NAME", copy.options().getOrDefault("FILE_FORMAT", ""));
        if (!named.isEmpty()) {
            dev.spindrift.local.warehouse.sql.Name name =
                    new dev.spindrift.local.warehouse.sql.Name(List.of(named.split("\\.", -1)));
            return queries.environment()
                    .require(Catalog.Namespace.FILE_FORMAT, name)
                    .options()
                    .getOrDefault("TYPE", "CSV");
        }
        return copy.options().getOrDefault("FILE_FORMAT.TYPE", "CSV");
    }

    private static boolean flag(Statement.Copy copy, String option) {
        return copy.options().getOrDefault(option, "false").equalsIgnoreCase("true");
    }

    private List<StagedFile> files(Statement.Copy copy, String stage) throws IOException {
        String prefix = copy.from().path();
        if (copy.files().isEmpty()) {
            List<StagedFile> files = new ArrayList<>(stages.list(stage, prefix));
            if (copy.pattern() != null) {
                Pattern pattern = Pattern.compile(copy.pattern());
                files.removeIf(file -> !pattern.matcher(file.path()).matches());
            }
            return files;
        }
        Map<String, StagedFile> there = new HashMap<>();
        stages.list(stage, prefix).forEach(file -> there.put(file.path(), file));
        List<StagedFile> files = new ArrayList<>();
        for (String name : copy.files()) {
            String separator = prefix.isEmpty() || prefix.endsWith("/") ? "" : "/";
            StagedFile file = there.get(prefix + separator + name);
            if (file == null) {
                throw missingFile(prefix + separator + name);
            }
            files.add(file);
        }
        return files;
    }

    private static SqlFailure missingFile(String path) {
        return new SqlFailure("091016", "22000", "Remote file '" + path + "' was not found.");
    }

    private Set<String> alreadyLoaded(Catalog.Entry table, String stage) throws SQLException {
        Set<String> known = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT path || ' ' || md5 FROM meta.loads WHERE"
                + " table_id = ? AND stage = ? AND loaded_at > now()::TIMESTAMP - INTERVAL 64 DAY")) {
            select.setLong(1, table.id());
            select.setString(2, stage);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    known.add(rows.getString(1));
                }
            }
        }
        return known;
    }

    private Map<StagedFile, Long> load(
            Statement.Copy copy, Catalog.Entry table, String stage, List<StagedFile> files, Path links)
            throws IOException, SQLException {
        Files.createDirectories(links);
        List<Path> paths = new ArrayList<>();
        for (StagedFile file : files) {
            Path source = stages.find(stage, file.path()).orElseThrow(() -> missingFile(file.path()));
            paths.add(link(source, links.resolve(paths.size() + ".parquet")));
        }
        Map<StagedFile, Long> rows = countRows(files, paths);
        String alias = queries.newAlias();
        String reader =
                "read_parquet(" + list(paths) + ", filename = '__spindrift_file', union_by_name = true) AS " + alias;
        StagedColumns columns = describe(reader, alias);
        String sql = insert(copy, table, columns, fileNames(files, paths, alias)) + " FROM " + reader;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            queries.binds().set(connection, insert);
            insert.executeUpdate();
        }
        remember(table, stage, files);
        return rows;
    }

    /** A link where the file systems allow it, else a copy. */
    private static Path link(Path source, Path link) throws IOException {
        try {
            return Files.createLink(link, source);
        } catch (IOException | UnsupportedOperationException e) {
            return Files.copy(source, link);
        }
    }

    private static String list(List<Path> paths) {
        List<String> texts = new ArrayList<>();
        paths.forEach(path -> texts.add(Sql.string(path.toString())));
        return "[" + String.join(", ", texts) + "]";
    }

    private Map<StagedFile, Long> countRows(List<StagedFile> files, List<Path> paths) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT file_name, num_rows FROM parquet_file_metadata(" + list(paths) + ")")) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        Map<StagedFile, Long> result = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            result.put(files.get(i), counts.getOrDefault(paths.get(i).toString(), 0L));
        }
        return result;
    }

    private StagedColumns describe(String reader, String alias) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + reader)) {
            return new StagedColumns(rows, alias);
        }
    }

    private static String fileNames(List<StagedFile> files, List<Path> paths, String alias) {
        List<String> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            keys.add(Sql.string(paths.get(i).toString()));
            values.add(Sql.string(files.get(i).path()));
        }
        return "map([" + String.join(", ", keys) + "], [" + String.join(", ", values) + "])[" + alias
                + ".__spindrift_file]";
    }

    private String insert(Statement.Copy copy, Catalog.Entry table, StagedColumns columns, String fileSql) {
        List<String> names = new ArrayList<>(
                copy.columns().isEmpty()
                        ? table.columns().stream()
                                .map(Catalog.TableColumn::name)
                                .toList()
                        : copy.columns());
        List<Typed> values = copy.transformation() == null
                ? untransformed(copy, columns, names)
                : transformed(copy.transformation(), columns, fileSql);
        for (Catalog.TableColumn column : table.columns()) {
            if (names.contains(column.name()) && column.type().kind() == ColumnType.Kind.VECTOR) {
                throw noVectors();
            }
        }
        return new Changes(queries).into(table, names, values);
    }

    private List<Typed> transformed(Query.Select select, StagedColumns columns, String fileSql) {
        Scope scope = new Scope(null);
        scope.stage(columns);
        scope.add(List.of(), columns.metadata(fileSql));
        if (select.from() instanceof dev.spindrift.local.warehouse.sql.Relation.Staged staged
                && staged.alias() != null) {
            scope.add(List.of(staged.alias().name()), columns.metadata(fileSql));
        }
        List<Typed> values = new ArrayList<>();
        for (Query.SelectItem item : select.items()) {
            if (item.value() instanceof Expression.Star) {
                throw Failures.unsupported("* in a COPY transformation");
            }
            Typed value = queries.expressions(scope).bind(item.value());
            if (value.kind() == ColumnType.Kind.VECTOR) {
                throw noVectors();
            }
            values.add(value);
        }
        return values;
    }

    private static SqlFailure noVectors() {
        return new SqlFailure(
                "002023",
                "22000",
                "SQL compilation error:\nVECTOR columns cannot be loaded directly. Load an ARRAY and cast it afterwards.");
    }

    /** By the names of columns where that is asked for, else the whole row into the one VARIANT column. */
    private static List<Typed> untransformed(Statement.Copy copy, StagedColumns columns, List<String> names) {
        String match = copy.options().getOrDefault("MATCH_BY_COLUMN_NAME", "NONE");
        if (match.equalsIgnoreCase("NONE")) {
            if (names.size() != 1) {
                throw new SqlFailure(
                        "002019",
                        "0A000",
                        "SQL compilation error:\nPARQUET file format can produce one and only one column of type variant,"
                                + " object, or array. Use CSV file format if you want to load more than one column.");
            }
            return List.of(columns.row());
        }
        List<Typed> values = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (String name : names) {
            Typed value = columns.named(name, match.equalsIgnoreCase("CASE_SENSITIVE"));
            if (value != null) {
                found.add(name);
                values.add(value);
            }
        }
        names.clear();
        names.addAll(found);
        return values;
    }

    private void remember(Catalog.Entry table, String stage, List<StagedFile> files) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO meta.loads SELECT ?, ?, unnest(?), unnest(?), now()")) {
            insert.setLong(1, table.id());
            insert.setString(2, stage);
            insert.setObject(
                    3,
                    connection.createArrayOf(
                            "VARCHAR", files.stream().map(StagedFile::path).toArray()));
            insert.setObject(
                    4,
                    connection.createArrayOf(
                            "VARCHAR", files.stream().map(StagedFile::md5).toArray()));
            insert.executeUpdate();
        }
    }

    private static List<@Nullable Object[]> report(List<StagedFile> files, Map<StagedFile, Long> rows) {
        List<@Nullable Object[]> report = new ArrayList<>();
        for (StagedFile file : files) {
            Long count = rows.get(file);
            if (count != null) {
                report.add(
                        new @Nullable Object[] {file.path(), "LOADED", count, count, 1L, 0L, null, null, null, null});
            }
        }
        return report;
    }

    private static void delete(Path links) {
        try (var paths = Files.exists(links) ? Files.list(links) : java.util.stream.Stream.<Path>empty()) {
            for (Path path : paths.toList()) {
                Files.delete(path);
            }
            Files.deleteIfExists(links);
        } catch (IOException e) {
            // What is left is only a second name of staged files; the next start clears the folder.
            links.toFile().deleteOnExit();
        }
    }
}
