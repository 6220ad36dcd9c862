package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.Catalog.Namespace;
import dev.spindrift.local.warehouse.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What SHOW, DESCRIBE and INFORMATION_SCHEMA tell of the catalog: the columns that drivers read, and few others. */
final class Listings {

    /** Columns and rows. */
    record Listing(List<Column> columns, List<@Nullable Object[]> rows) {}

    private final Catalog catalog;
    private final Map<Catalog.Key, Catalog.Entry> temporary;
    private final Environment environment;

    Listings(Catalog catalog, Map<Catalog.Key, Catalog.Entry> temporary, Environment environment) {
        this.catalog = catalog;
        this.temporary = temporary;
        this.environment = environment;
    }

    private static List<Column> columns(String names) {
        List<Column> columns = new ArrayList<>();
        for (String name : names.split(" ", -1)) {
            columns.add(new Column(name, name.equals("created_on") ? Types.LTZ : Types.TEXT, true));
        }
        return columns;
    }

    Listing show(Statement.Show show) {
        return switch (show.kind()) {
            case "TABLES", "OBJECTS" -> {
                List<@Nullable Object[]> rows = new ArrayList<>();
                for (Catalog.Entry entry : matching(Namespace.RELATION, show)) {
                    if (!entry.view() || show.kind().equals("OBJECTS")) {
                        rows.add(new @Nullable Object[] {
                            created(entry),
                            entry.key().name(),
                            entry.key().database(),
                            entry.key().schema(),
                            kind(entry),
                            entry.comment()
                        });
                    }
                }
                yield new Listing(columns("created_on name database_name schema_name kind comment"), rows);
            }
            case "VIEWS" -> {
                List<@Nullable Object[]> rows = new ArrayList<>();
                for (Catalog.Entry entry : matching(Namespace.RELATION, show)) {
                    if (entry.view()) {
                        rows.add(new @Nullable Object[] {
                            created(entry),
                            entry.key().name(),
                            "",
                            entry.key().database(),
                            entry.key().schema(),
                            "",
                            entry.comment(),
                            entry.query()
                        });
                    }
                }
                yield new Listing(
                        columns("created_on name reserved database_name schema_name owner comment text"), rows);
            }
            case "COLUMNS" -> showColumns(show);
            case "SCHEMAS" -> showSchemas(show);
            default -> showOther(show);
        };
    }

    private Listing showOther(Statement.Show show) {
        Namespace namespace = switch (show.kind()) {
            case "DATABASES" -> Namespace.DATABASE;
            case "STAGES" -> Namespace.STAGE;
            case "WAREHOUSES" -> Namespace.WAREHOUSE;
            case "ROLES" -> Namespace.ROLE;
            case "USERS" -> Namespace.USER;
            case "FILE FORMATS", "PRIMARY KEYS" -> Namespace.FILE_FORMAT;
            default -> throw Failures.unsupported("SHOW " + show.kind());
        };
        if (show.kind().equals("PRIMARY KEYS")) {
            return new Listing(
                    columns(
                            "created_on database_name schema_name table_name column_name key_sequence constraint_name rely"
                                    + " comment"),
                    List.of());
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Catalog.Entry entry : matching(namespace, show)) {
            rows.add(new @Nullable Object[] {
                created(entry),
                entry.key().name(),
                entry.key().database(),
                entry.key().schema(),
                entry.comment()
            });
        }
        return new Listing(columns("created_on name database_name schema_name comment"), rows);
    }

    private Listing showSchemas(Statement.Show show) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Catalog.Entry entry : matching(Namespace.SCHEMA, show)) {
            boolean current = entry.key().database().equals(environment.current("DATABASE"))
                    && entry.key().name().equals(environment.current("SCHEMA"));
            rows.add(new @Nullable Object[] {
                created(entry),
                entry.key().name(),
                "N",
                current ? "Y" : "N",
                entry.key().database(),
                "",
                entry.comment()
            });
        }
        return new Listing(columns("created_on name is_default is_current database_name owner comment"), rows);
    }

    private Listing showColumns(Statement.Show show) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        boolean table = show.in() != null && !"SCHEMA".equals(show.scope()) && !"DATABASE".equals(show.scope());
        List<Catalog.Entry> relations = table && show.in() != null
                ? List.of(environment.require(Namespace.RELATION, show.in()))
                : matching(Namespace.RELATION, new Statement.Show("TABLES", null, show.scope(), show.in(), null, null));
        for (Catalog.Entry entry : relations) {
            for (Catalog.TableColumn column : entry.columns()) {
                if (matches(show.like(), column.name())) {
                    rows.add(new @Nullable Object[] {
                        entry.key().name(),
                        entry.key().schema(),
                        column.name(),
                        dataType(column),
                        String.valueOf(column.nullable()),
                        column.defaultText(),
                        "COLUMN",
                        null,
                        column.comment(),
                        entry.key().database(),
                        null
                    });
                }
            }
        }
        return new Listing(
                columns(
                        "table_name schema_name column_name data_type null? default kind expression comment database_name"
                                + " autoincrement"),
                rows);
    }

    private static String dataType(Catalog.TableColumn column) {
        ColumnType type = column.type();
        String details = switch (type.kind()) {
            case FIXED -> ",\"precision\":" + type.precision() + ",\"scale\":" + type.scale();
            case TEXT ->
                ",\"length\":" + type.length() + ",\"byteLength\":" + Math.min(Types.MAX_TEXT, 4L * type.length())
                        + ",\"fixed\":false";
            case BINARY -> ",\"length\":" + type.length() + ",\"byteLength\":" + type.length() + ",\"fixed\":true";
            case TIME, TIMESTAMP_NTZ, TIMESTAMP_LTZ, TIMESTAMP_TZ -> ",\"precision\":0,\"scale\":" + type.scale();
            case VECTOR ->
                ",\"vectorElementType\":\"" + (type.integers() ? "FIXED" : "REAL") + "\",\"dimension\":"
                        + type.length();
            default -> "";
        };
        return "{\"type\":\"" + type.kind() + "\"" + details + ",\"nullable\":" + column.nullable() + "}";
    }

    private List<Catalog.Entry> matching(Namespace namespace, Statement.Show show) {
        String database = environment.current("DATABASE");
        String schema = null;
        boolean inAccount = "ACCOUNT".equals(show.scope());
        if (show.in() != null) {
            List<String> parts = show.in().parts();
            boolean ofSchema = parts.size() > 1 || "SCHEMA".equals(show.scope());
            schema = ofSchema ? parts.get(parts.size() - 1) : null;
            database = ofSchema && parts.size() == 1 ? database : parts.get(0);
        } else if (!inAccount && show.scope() == null && namespace != Namespace.SCHEMA) {
            schema = environment.current("SCHEMA");
        }
        String wantedDatabase = inAccount ? null : database;
        String wantedSchema = inAccount ? null : schema;
        boolean account = namespace == Namespace.DATABASE
                || namespace == Namespace.ROLE
                || namespace == Namespace.WAREHOUSE
                || namespace == Namespace.USER;
        List<Catalog.Entry> entries =
                new ArrayList<>(catalog.list(entry -> entry.key().namespace() == namespace));
        temporary.values().stream()
                .filter(entry -> entry.key().namespace() == namespace)
                .forEach(entries::add);
        entries.removeIf(entry ->
                !account && wantedDatabase != null && !entry.key().database().equals(wantedDatabase));
        entries.removeIf(entry -> !account
                && namespace != Namespace.SCHEMA
                && wantedSchema != null
                && !entry.key().schema().equals(wantedSchema));
        entries.removeIf(entry -> !matches(show.like(), entry.key().name()));
        String start = show.startsWith();
        entries.removeIf(entry -> start != null && !entry.key().name().startsWith(start));
        Integer limit = show.limit();
        return limit != null && entries.size() > limit ? entries.subList(0, limit) : entries;
    }

    private static boolean matches(@Nullable String like, String name) {
        if (like == null) {
            return true;
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < like.length(); i++) {
            char c = like.charAt(i);
            if (c == '\\' && i + 1 < like.length()) {
                regex.append(Pattern.quote(String.valueOf(like.charAt(++i))));
            } else {
                regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(name)
                .matches();
    }

    private static Instant created(Catalog.Entry entry) {
        return Instant.ofEpochMilli(entry.createdMillis());
    }

    private static String kind(Catalog.Entry entry) {
        if (entry.view()) {
            return "VIEW";
        }
        return switch (entry.persistence()) {
            case PERMANENT -> "TABLE";
            case TRANSIENT -> "TRANSIENT";
            case TEMPORARY -> "TEMPORARY";
        };
    }

    static Listing describe(Catalog.Entry entry) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Catalog.TableColumn column : entry.columns()) {
            rows.add(new @Nullable Object[] {
                column.name(),
                Types.shown(column.type()),
                "COLUMN",
                column.nullable() ? "Y" : "N",
                column.defaultText(),
                "N",
                "N",
                null,
                null,
                column.comment(),
                null
            });
        }
        List<Column> columns = new ArrayList<>();
        for (String name : List.of(
                "name",
                "type",
                "kind",
                "null?",
                "default",
                "primary key",
                "unique key",
                "check",
                "expression",
                "comment",
                "policy name")) {
            columns.add(new Column(name, Types.TEXT, true));
        }
        return new Listing(columns, rows);
    }

    static Listing parameters(Map<String, String> parameters, @Nullable String like) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        parameters.entrySet().stream()
                .filter(parameter -> matches(like, parameter.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(parameter -> rows.add(
                        new @Nullable Object[] {parameter.getKey(), parameter.getValue(), "", "SESSION", "", "STRING"
                        }));
        return new Listing(columns("key value default level description type"), rows);
    }

    /** A view of INFORMATION_SCHEMA; null if it is not one of those here. */
    @Nullable
    Listing informationSchema(String database, String name) {
        List<Catalog.Entry> relations = catalog.list(entry -> entry.key().namespace() == Namespace.RELATION
                && entry.key().database().equals(database));
        List<@Nullable Object[]> rows = new ArrayList<>();
        switch (name) {
            case "TABLES" -> {
                for (Catalog.Entry entry : relations) {
                    rows.add(new @Nullable Object[] {
                        database,
                        entry.key().schema(),
                        entry.key().name(),
                        entry.view() ? "VIEW" : "BASE TABLE",
                        entry.persistence() == Statement.Persistence.TRANSIENT ? "YES" : "NO",
                        entry.comment()
                    });
                }
                return new Listing(
                        columns("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE IS_TRANSIENT COMMENT"), rows);
            }
            case "COLUMNS" -> {
                for (Catalog.Entry entry : relations) {
                    addColumns(entry, rows);
                }
                List<Column> columns = new ArrayList<>(
                        columns(
                                "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME COLUMN_DEFAULT IS_NULLABLE DATA_TYPE COMMENT"));
                for (String number :
                        List.of("ORDINAL_POSITION", "CHARACTER_MAXIMUM_LENGTH", "NUMERIC_PRECISION", "NUMERIC_SCALE")) {
                    columns.add(new Column(number, Types.NUMBER, true));
                }
                return new Listing(columns, rows);
            }
            case "SCHEMATA" -> {
                for (Catalog.Entry entry : catalog.list(each -> each.key().namespace() == Namespace.SCHEMA
                        && each.key().database().equals(database))) {
                    rows.add(new @Nullable Object[] {database, entry.key().name(), entry.comment()});
                }
                return new Listing(columns("CATALOG_NAME SCHEMA_NAME COMMENT"), rows);
            }
            default -> {
                return null;
            }
        }
    }

    private static void addColumns(Catalog.Entry entry, List<@Nullable Object[]> rows) {
        long position = 0;
        for (Catalog.TableColumn column : entry.columns()) {
            ColumnType type = column.type();
            boolean text = type.kind() == ColumnType.Kind.TEXT;
            boolean number = type.kind() == ColumnType.Kind.FIXED;
            rows.add(new @Nullable Object[] {
                entry.key().database(),
                entry.key().schema(),
                entry.key().name(),
                column.name(),
                column.defaultText(),
                column.nullable() ? "YES" : "NO",
                informationName(type),
                column.comment(),
                ++position,
                text ? (Object) (long) type.length() : null,
                number ? (Object) (long) type.precision() : null,
                number ? (Object) (long) type.scale() : null
            });
        }
    }

    private static String informationName(ColumnType type) {
        return type.kind() == ColumnType.Kind.TEXT ? "TEXT" : Types.family(type).toUpperCase(Locale.ROOT);
    }
}
