package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.stage.StageStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Snowflake's statements over one DuckDB file, {@code warehouse.duckdb} in the data folder. What was committed is in the
 * file or its log before the client hears of it, and so outlives a kill. Roles and grants are accepted and enforced by
 * nobody: every session may do everything.
 *
 * <p>Statements are parsed, bound to the catalog and written anew for DuckDB; no text of a client reaches it. Beyond
 * that, DuckDB may read no file but those under {@code loading}, where COPY links staged files for as long as it runs,
 * and loads no extension.
 *
 * <p>The system property {@code spindrift.warehouse.memory} limits DuckDB's memory ({@code 2GB}).
 */
public final class DuckDbEngine implements SqlEngine {
    static final String VERSION = "9.36.0";

    private final Connection root;
    private final CatalogStore catalog = new CatalogStore();
    private final TableLocks locks = new TableLocks();
    private final KeptResults results = new KeptResults();
    private final Set<DuckDbSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastSession = new AtomicLong();
    private final StageStore stages;
    private final Path loading;

    private DuckDbEngine(Connection root, StageStore stages, Path loading) {
        this.root = root;
        this.stages = stages;
        this.loading = loading;
    }

    /** Opens the warehouse in a folder, and makes it if there is none. */
    public static DuckDbEngine open(Path dataFolder, StageStore stages) {
        Path folder = dataFolder.toAbsolutePath().normalize();
        Path loading = folder.resolve("loading");
        try {
            clear(loading);
            Files.createDirectories(loading);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the warehouse in " + folder + ": " + e.getMessage(), e);
        }
        try {
            Connection root =
                    DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("warehouse.duckdb"), settings(loading));
            DuckDbEngine engine = new DuckDbEngine(root, stages, loading);
            engine.catalog.open(root);
            return engine;
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot open the warehouse in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Properties settings(Path loading) {
        int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
        Properties settings = new Properties();
        settings.setProperty("allowed_directories", "[" + Sql.string(loading + "/") + "]");
        settings.setProperty("enable_external_access", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("memory_limit", System.getProperty("spindrift.warehouse.memory", "2GB"));
        settings.setProperty("threads", String.valueOf(threads));
        return settings;
    }

    private static void clear(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public SqlSession openSession(
            String user,
            @Nullable String database,
            @Nullable String schema,
            @Nullable String warehouse,
            @Nullable String role,
            Map<String, String> parameters) {
        try {
            Connection connection = ((DuckDBConnection) root).duplicate();
            DuckDbSession session = new DuckDbSession(this, connection, user, lastSession.incrementAndGet());
            sessions.add(session);
            session.start(database, schema, warehouse, role, parameters);
            return session;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    CatalogStore catalog() {
        return catalog;
    }

    TableLocks locks() {
        return locks;
    }

    KeptResults results() {
        return results;
    }

    StageStore stages() {
        return stages;
    }

    Path loading() {
        return loading;
    }

    List<DuckDbSession> sessions() {
        return List.copyOf(sessions);
    }

    void closed(DuckDbSession session) {
        sessions.remove(session);
    }

    @Override
    public void close() {
        for (DuckDbSession session : sessions()) {
            session.close();
        }
        try {
            root.close();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot close the warehouse: " + e.getMessage(), e);
        }
    }
}
