package dev.spindrift.local.warehouse.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The catalog on disk: one row of JSON per entry, in the DuckDB file that holds the tables themselves. A change of the
 * catalog and of the tables is one DuckDB transaction, so a kill never parts them. One change runs at a time.
 */
final class CatalogStore {
    private static final JsonMapper JSON = new JsonMapper();

    /** Changes the tables within the catalog's own transaction. */
    interface PhysicalChange {
        void apply(Statement statement) throws SQLException;
    }

    private final AtomicLong lastId = new AtomicLong();
    private volatile Catalog catalog = new Catalog(List.of());

    void open(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS data");
            statement.execute("CREATE SCHEMA IF NOT EXISTS meta");
            statement.execute("CREATE TABLE IF NOT EXISTS meta.entries (id BIGINT, entry VARCHAR)");
            statement.execute("CREATE TABLE IF NOT EXISTS meta.ids (last BIGINT)");
            statement.execute("INSERT INTO meta.ids SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM meta.ids)");
            statement.execute("CREATE TABLE IF NOT EXISTS meta.loads (table_id BIGINT, stage VARCHAR, path VARCHAR,"
                    + " md5 VARCHAR, loaded_at TIMESTAMP)");
            List<Catalog.Entry> entries = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT entry FROM meta.entries")) {
                while (rows.next()) {
                    entries.add(JSON.readValue(rows.getString(1), Catalog.Entry.class));
                }
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("Cannot read the warehouse's catalog: " + e.getMessage(), e);
            }
            try (ResultSet rows = statement.executeQuery("SELECT max(last) FROM meta.ids")) {
                rows.next();
                lastId.set(rows.getLong(1));
            }
            catalog = new Catalog(entries);
        }
    }

    Catalog current() {
        return catalog;
    }

    /** A new identifier. One that ends up in no entry is lost; a temporary table's may come again after a restart. */
    long newId() {
        return lastId.incrementAndGet();
    }

    /** Removes and adds entries, together with their tables, all or nothing. */
    synchronized void change(
            Connection connection, List<Catalog.Entry> removed, List<Catalog.Entry> added, PhysicalChange change)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN TRANSACTION");
        }
        try {
            try (Statement statement = connection.createStatement()) {
                change.apply(statement);
                for (Catalog.Entry entry : removed) {
                    statement.execute("DELETE FROM meta.entries WHERE id = " + entry.id());
                    statement.execute("DELETE FROM meta.loads WHERE table_id = " + entry.id());
                }
                statement.execute("UPDATE meta.ids SET last = " + lastId.get());
            }
            insert(connection, added);
            try (Statement statement = connection.createStatement()) {
                statement.execute("COMMIT");
            }
        } catch (SQLException | RuntimeException e) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            } catch (SQLException rollback) {
                e.addSuppressed(rollback);
            }
            throw e;
        }
        Map<Catalog.Key, Catalog.Entry> entries = new HashMap<>();
        catalog.all().forEach(entry -> entries.put(entry.key(), entry));
        removed.forEach(entry -> entries.remove(entry.key()));
        added.forEach(entry -> entries.put(entry.key(), entry));
        catalog = new Catalog(entries.values());
    }

    private static void insert(Connection connection, List<Catalog.Entry> added) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO meta.entries VALUES (?, ?)")) {
            for (Catalog.Entry entry : added) {
                insert.setLong(1, entry.id());
                insert.setString(2, JSON.writeValueAsString(entry));
                insert.execute();
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the warehouse's catalog: " + e.getMessage(), e);
        }
    }
}
