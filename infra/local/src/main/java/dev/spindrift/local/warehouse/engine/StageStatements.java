package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.Catalog.Namespace;
import dev.spindrift.local.warehouse.sql.Name;
import dev.spindrift.local.warehouse.sql.StagePath;
import dev.spindrift.local.warehouse.sql.Statement;
import dev.spindrift.local.warehouse.stage.StageStore.StagedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** PUT, GET, LIST and REMOVE. */
final class StageStatements {
    private static final DateTimeFormatter MODIFIED = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final DuckDbSession session;
    private final Environment environment;

    StageStatements(DuckDbSession session, Environment environment) {
        this.session = session;
        this.environment = environment;
    }

    /** The result, or null if the statement is not about staged files. */
    @Nullable
    StatementResult execute(Statement statement) {
        if (statement instanceof Statement.Put put) {
            return put(put);
        }
        if (statement instanceof Statement.Get get) {
            return new StatementResult.Get(
                    fullName(get.path()),
                    get.path().path(),
                    get.folder(),
                    number(get.options(), "PARALLEL", 10),
                    get.options().get("PATTERN"));
        }
        if (statement instanceof Statement.ListFiles list) {
            return list(list);
        }
        return statement instanceof Statement.RemoveFiles remove ? remove(remove) : null;
    }

    private StatementResult put(Statement.Put put) {
        Map<String, String> options = put.options();
        return new StatementResult.Put(
                List.of(put.file()),
                fullName(put.path()),
                put.path().path(),
                !options.getOrDefault("AUTO_COMPRESS", "true").equalsIgnoreCase("false"),
                options.getOrDefault("SOURCE_COMPRESSION", "AUTO_DETECT").toLowerCase(Locale.ROOT),
                number(options, "PARALLEL", 4),
                options.getOrDefault("OVERWRITE", "false").equalsIgnoreCase("true"));
    }

    private static int number(Map<String, String> options, String name, int standard) {
        String value = options.getOrDefault(name, String.valueOf(standard));
        if (!value.matches("[1-9]\\d?")) {
            throw Failures.unsupported(name + " = " + value);
        }
        return Integer.parseInt(value);
    }

    /** A stage by the name under which its files are kept; it must have been created, or be a user's or table's own. */
    String fullName(StagePath path) {
        Name name = path.stage();
        if (name.last().equals("~")) {
            return "~." + session.user();
        }
        if (name.last().startsWith("%")) {
            List<String> parts = new ArrayList<>(name.parts());
            parts.set(parts.size() - 1, name.last().substring(1));
            Catalog.Key table =
                    environment.require(Namespace.RELATION, new Name(parts)).key();
            return table.database() + "." + table.schema() + ".%" + table.name();
        }
        return environment.require(Namespace.STAGE, name).key().shown();
    }

    private List<StagedFile> files(StagePath path, @Nullable String pattern) {
        try {
            List<StagedFile> files = new ArrayList<>(session.engine().stages().list(fullName(path), path.path()));
            if (pattern != null) {
                Pattern compiled = Pattern.compile(pattern);
                files.removeIf(file -> !compiled.matcher(file.path()).matches());
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list stage " + path.stage() + ": " + e.getMessage(), e);
        }
    }

    private static String shown(StagePath path, StagedFile file) {
        String stage = path.stage().last().toLowerCase(Locale.ROOT);
        return stage.equals("~") || stage.startsWith("%") ? file.path() : stage + "/" + file.path();
    }

    private StatementResult list(Statement.ListFiles list) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (StagedFile file : files(list.path(), list.pattern())) {
            rows.add(new @Nullable Object[] {
                shown(list.path(), file), file.size(), file.md5(), MODIFIED.format(file.modified())
            });
        }
        List<Column> columns = List.of(
                new Column("name", Types.TEXT, true),
                new Column("size", Types.NUMBER, true),
                new Column("md5", Types.TEXT, true),
                new Column("last_modified", Types.TEXT, true));
        return new StatementResult.Rows(StatementType.LIST, columns, new ListCursor(rows));
    }

    private StatementResult remove(Statement.RemoveFiles remove) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        String stage = fullName(remove.path());
        for (StagedFile file : files(remove.path(), remove.pattern())) {
            try {
                if (session.engine().stages().remove(stage, file.path())) {
                    rows.add(new @Nullable Object[] {shown(remove.path(), file), "removed"});
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot remove " + file.path() + ": " + e.getMessage(), e);
            }
        }
        List<Column> columns = List.of(new Column("name", Types.TEXT, true), new Column("result", Types.TEXT, true));
        return new StatementResult.Rows(StatementType.REMOVE, columns, new ListCursor(rows));
    }
}
