package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Name;
import dev.spindrift.local.warehouse.sql.Statement;
import dev.spindrift.local.warehouse.sql.Statement.Persistence;
import dev.spindrift.local.warehouse.stage.StageStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CREATE and DROP. */
final class Definitions {
    private final Connection connection;
    private final CatalogStore store;
    private final Map<Catalog.Key, Catalog.Entry> temporary;
    private final Environment environment;
    private final StageStore stages;

    /** @param temporary what lives in the session only */
    Definitions(
            Connection connection,
            CatalogStore store,
            Map<Catalog.Key, Catalog.Entry> temporary,
            Environment environment,
            StageStore stages) {
        this.connection = connection;
        this.store = store;
        this.temporary = temporary;
        this.environment = environment;
        this.stages = stages;
    }

    private Catalog.@Nullable Entry find(Catalog.Key key, Persistence persistence) {
        return persistence == Persistence.TEMPORARY
                ? temporary.get(key)
                : store.current().find(key);
    }

    private void requireContainer(Catalog.Key key) {
        boolean there = key.namespace() == Catalog.Namespace.SCHEMA
                ? store.current().hasDatabase(key.database())
                : store.current().hasSchema(key.database(), key.schema());
        if (!there) {
            String name =
                    key.namespace() == Catalog.Namespace.SCHEMA ? key.database() : key.database() + "." + key.schema();
            throw Failures.missing(key.namespace() == Catalog.Namespace.SCHEMA ? "Database" : "Schema", name);
        }
    }

    String createTable(Statement.CreateTable create, Binds binds) throws SQLException {
        Catalog.Key key = environment.resolve(Catalog.Namespace.RELATION, create.name());
        requireContainer(key);
        Catalog.Entry old = find(key, create.persistence());
        if (old != null && create.ifNotExists()) {
            return alreadyExists(key);
        }
        if (old != null && !create.orReplace()) {
            throw Failures.exists("Object", key.shown());
        }
        QueryBinder queries = new QueryBinder(environment, binds);
        Bound query = create.query() == null ? null : queries.bind(create.query(), null);
        List<Catalog.TableColumn> columns = columns(create, query);
        Map<String, String> options = create.comment() == null ? Map.of() : Map.of("COMMENT", create.comment());
        Catalog.Entry table = entry(key, create.persistence(), columns, null, options);
        apply(old, table, statement -> {
            dropPhysical(statement, old);
            statement.execute(definition(table));
            if (query != null) {
                List<String> names =
                        columns.stream().map(Catalog.TableColumn::name).toList();
                List<Typed> values = query.under("q").stream().map(Field::value).toList();
                String insert = new Changes(queries).into(table, names, values) + " FROM (" + query.sql() + ") AS q";
                try (var prepared = connection.prepareStatement(insert)) {
                    binds.set(connection, prepared);
                    prepared.executeUpdate();
                }
            }
        });
        return "Table " + key.name() + " successfully created.";
    }

    private static List<Catalog.TableColumn> columns(Statement.CreateTable create, @Nullable Bound query) {
        List<Catalog.TableColumn> columns = new ArrayList<>();
        if (create.columns().isEmpty() && query != null) {
            for (Field field : query.fields()) {
                ColumnType type =
                        field.value().isNull() ? Types.TEXT : field.value().type();
                columns.add(new Catalog.TableColumn(field.name(), type, true, null, null));
            }
        }
        for (Statement.ColumnDefinition column : create.columns()) {
            columns.add(new Catalog.TableColumn(
                    column.name(),
                    Types.parse(column.type()),
                    !column.notNull(),
                    column.defaultText(),
                    column.comment()));
        }
        Set<String> names = new HashSet<>();
        for (Catalog.TableColumn column : columns) {
            if (!names.add(column.name().toUpperCase(java.util.Locale.ROOT))) {
                throw new SqlFailure(
                        "002025",
                        "42S21",
                        "SQL compilation error:\nduplicate column name '" + column.name()
                                + "' (the local warehouse also takes names that differ only in case for one)");
            }
        }
        return columns;
    }

    private static String definition(Catalog.Entry table) {
        List<String> columns = new ArrayList<>();
        for (Catalog.TableColumn column : table.columns()) {
            columns.add(Sql.identifier(column.name()) + " " + Types.physical(column.type())
                    + (column.nullable() ? "" : " NOT NULL"));
        }
        String kind = table.persistence() == Persistence.TEMPORARY ? "CREATE TEMPORARY TABLE " : "CREATE TABLE ";
        return kind + table.physical() + " (" + String.join(", ", columns) + ")";
    }

    private static void dropPhysical(java.sql.Statement statement, Catalog.@Nullable Entry entry) throws SQLException {
        if (entry != null && entry.key().namespace() == Catalog.Namespace.RELATION && !entry.view()) {
            statement.execute("DROP TABLE IF EXISTS " + entry.physical());
        }
    }

    private Catalog.Entry entry(
            Catalog.Key key,
            Persistence persistence,
            List<Catalog.TableColumn> columns,
            @Nullable String query,
            Map<String, String> options) {
        long now = environment.now().toEpochMilli();
        return new Catalog.Entry(store.newId(), key, persistence, columns, query, options, now);
    }

    private void apply(Catalog.@Nullable Entry old, Catalog.Entry added, CatalogStore.PhysicalChange change)
            throws SQLException {
        if (added.persistence() == Persistence.TEMPORARY) {
            store.change(connection, List.of(), List.of(), change);
            temporary.put(added.key(), added);
        } else {
            store.change(connection, old == null ? List.of() : List.of(old), List.of(added), change);
        }
    }

    private static String alreadyExists(Catalog.Key key) {
        return key.name() + " already exists, statement succeeded.";
    }

    String createView(Statement.CreateView create) throws SQLException {
        Catalog.Key key = environment.resolve(Catalog.Namespace.RELATION, create.name());
        requireContainer(key);
        Catalog.Entry old = find(key, Persistence.PERMANENT);
        if (old != null && create.ifNotExists()) {
            return alreadyExists(key);
        }
        if (old != null && !create.orReplace()) {
            throw Failures.exists("Object", key.shown());
        }
        Environment inside = environment.within(key.database(), key.schema());
        Bound bound = QueryBinder.renamed(
                new QueryBinder(inside, new Binds(List.of(), false)).bind(create.query(), null), create.columns());
        List<Catalog.TableColumn> columns = new ArrayList<>();
        for (Field field : bound.fields()) {
            columns.add(new Catalog.TableColumn(
                    field.name(), field.value().type(), field.value().nullable(), null, null));
        }
        Map<String, String> options = create.comment() == null ? Map.of() : Map.of("COMMENT", create.comment());
        Catalog.Entry view = entry(key, Persistence.PERMANENT, columns, create.text(), options);
        apply(old, view, statement -> dropPhysical(statement, old));
        return "View " + key.name() + " successfully created.";
    }

    static Catalog.Namespace namespace(String kind) {
        return switch (kind) {
            case "TABLE", "VIEW" -> Catalog.Namespace.RELATION;
            case "FILE FORMAT" -> Catalog.Namespace.FILE_FORMAT;
            default -> Catalog.Namespace.valueOf(kind);
        };
    }

    String createNamed(Statement.CreateNamed create) throws SQLException {
        Catalog.Key key = environment.resolve(namespace(create.kind()), create.name());
        if (key.namespace() == Catalog.Namespace.SCHEMA || !key.schema().isEmpty()) {
            requireContainer(key);
        }
        Persistence persistence = create.temporary() ? Persistence.TEMPORARY : Persistence.PERMANENT;
        Catalog.Entry old = find(key, persistence);
        if (old != null && create.ifNotExists()) {
            return alreadyExists(key);
        }
        if (old != null && !create.orReplace()) {
            throw Failures.exists(key.namespace().shown(), key.name());
        }
        if (old != null) {
            drop(key, old);
        }
        List<Catalog.Entry> added = new ArrayList<>();
        added.add(entry(key, persistence, List.of(), null, create.options()));
        if (key.namespace() == Catalog.Namespace.DATABASE) {
            Catalog.Key schema = Catalog.schema(key.name(), "PUBLIC");
            added.add(entry(schema, Persistence.PERMANENT, List.of(), null, Map.of()));
        }
        if (persistence == Persistence.TEMPORARY) {
            temporary.put(key, added.get(0));
        } else {
            store.change(connection, List.of(), added, statement -> {});
        }
        String shown =
                create.kind().equals("STAGE") ? "Stage area" : key.namespace().shown();
        return shown + " " + key.name() + " successfully created.";
    }

    String drop(Statement.Drop drop) throws SQLException {
        Name name = drop.name();
        Catalog.Key key;
        try {
            key = environment.resolve(namespace(drop.kind()), name);
        } catch (SqlFailure e) {
            if (drop.ifExists()) {
                return "Drop statement executed successfully (" + name.last() + " already dropped).";
            }
            throw e;
        }
        Catalog.Entry entry = temporary.get(key);
        entry = entry == null ? store.current().find(key) : entry;
        if (entry == null && drop.ifExists()) {
            return "Drop statement executed successfully (" + name.last() + " already dropped).";
        }
        if (entry == null) {
            throw Failures.missing(
                    key.namespace() == Catalog.Namespace.RELATION
                            ? "Object"
                            : key.namespace().shown(),
                    key.shown());
        }
        boolean otherKind = key.namespace() == Catalog.Namespace.RELATION
                && entry.view() != drop.kind().equals("VIEW");
        if (otherKind) {
            throw new SqlFailure(
                    "002203",
                    "02000",
                    "SQL compilation error:\nObject found is of type '" + (entry.view() ? "VIEW" : "TABLE")
                            + "', not specified type '" + drop.kind() + "'.");
        }
        drop(key, entry);
        return name.last() + " successfully dropped.";
    }

    /** Drops a thing with all that is in it. */
    private void drop(Catalog.Key key, Catalog.Entry entry) throws SQLException {
        if (temporary.remove(key) != null) {
            store.change(connection, List.of(), List.of(), statement -> dropPhysical(statement, entry));
            return;
        }
        List<Catalog.Entry> gone = store.current().list(each -> each.id() == entry.id() || within(each.key(), key));
        store.change(connection, gone, List.of(), statement -> {
            for (Catalog.Entry each : gone) {
                dropPhysical(statement, each);
            }
        });
        for (Catalog.Entry each : gone) {
            if (each.key().namespace() == Catalog.Namespace.STAGE) {
                dropFiles(each.key().shown());
            }
        }
    }

    private void dropFiles(String stage) {
        try {
            stages.drop(stage);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete the files of stage " + stage + ": " + e.getMessage(), e);
        }
    }

    private static boolean within(Catalog.Key key, Catalog.Key container) {
        return switch (container.namespace()) {
            case DATABASE -> key.database().equals(container.name());
            case SCHEMA ->
                key.database().equals(container.database()) && key.schema().equals(container.name());
            default -> false;
        };
    }
}
