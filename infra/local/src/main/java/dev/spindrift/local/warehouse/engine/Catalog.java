package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Statement.Persistence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All that is defined in the account, at one instant. Immutable; {@link CatalogStore} keeps the current one. */
final class Catalog {

    /** What may not share a name. Tables and views may not, a table and a stage may. */
    enum Namespace {
        DATABASE("Database"),
        SCHEMA("Schema"),
        RELATION("Object"),
        STAGE("Stage"),
        FILE_FORMAT("File format"),
        ROLE("Role"),
        WAREHOUSE("Warehouse"),
        USER("User");

        private final String shown;

        Namespace(String shown) {
            this.shown = shown;
        }

        String shown() {
            return shown;
        }
    }

    /** A full name; parts that do not apply are empty. */
    record Key(Namespace namespace, String database, String schema, String name) {

        String shown() {
            return switch (namespace) {
                case SCHEMA -> database + "." + name;
                case RELATION, STAGE, FILE_FORMAT -> database + "." + schema + "." + name;
                case DATABASE, ROLE, WAREHOUSE, USER -> name;
            };
        }
    }

    /** @param defaultText the expression as written; null for none */
    record TableColumn(
            String name,
            ColumnType type,
            boolean nullable,
            @Nullable String defaultText,
            @Nullable String comment) {}

    /**
     * One thing.
     *
     * @param id never used again, even after it is dropped
     * @param columns of a table, or the names given to a view's columns
     * @param query of a view, as written
     * @param options everything else that was said, COMMENT among it
     */
    record Entry(
            long id,
            Key key,
            Persistence persistence,
            List<TableColumn> columns,
            @Nullable String query,
            Map<String, String> options,
            long createdMillis) {

        boolean view() {
            return query != null;
        }

        /** The table in DuckDB. */
        String physical() {
            return persistence == Persistence.TEMPORARY ? "temp.main.t" + id : "data.t" + id;
        }

        String comment() {
            return options.getOrDefault("COMMENT", "");
        }
    }

    private final Map<Key, Entry> entries;

    Catalog(Collection<Entry> entries) {
        this.entries = new HashMap<>();
        entries.forEach(entry -> this.entries.put(entry.key(), entry));
    }

    @Nullable
    Entry find(Key key) {
        return entries.get(key);
    }

    boolean hasDatabase(String name) {
        return entries.containsKey(database(name));
    }

    boolean hasSchema(String database, String name) {
        return entries.containsKey(schema(database, name));
    }

    /** What satisfies a condition, by full name. */
    List<Entry> list(Predicate<Entry> condition) {
        List<Entry> found = new ArrayList<>(entries.values());
        found.removeIf(condition.negate());
        found.sort(Comparator.comparing(entry -> entry.key().shown()));
        return found;
    }

    Collection<Entry> all() {
        return entries.values();
    }

    static Key database(String name) {
        return new Key(Namespace.DATABASE, "", "", name);
    }

    static Key schema(String database, String name) {
        return new Key(Namespace.SCHEMA, database, "", name);
    }

    static Key account(Namespace namespace, String name) {
        return new Key(namespace, "", "", name);
    }
}
