package dev.spindrift.local.warehouse.server;

import com.sun.net.httpserver.HttpServer;
import dev.spindrift.local.warehouse.engine.SqlEngine;
import dev.spindrift.local.warehouse.stage.FolderStages;
import dev.spindrift.local.warehouse.stage.StageFace;
import dev.spindrift.local.warehouse.stage.StageGrants;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: the drivers' protocol, the files of large results, and the stages, all on one port.
 *
 * <p>A session runs one statement at a time, so there are never more statement threads than sessions, and a statement
 * that waits for a lock never keeps the one that holds it from committing. Threads that answer requests wait for no
 * statement longer than {@link Faults#patience}.
 */
public final class WarehouseServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarehouseServer.class);
    private static final int ANSWERING_THREADS = 96;
    private static final int WAITING_REQUESTS = 2048;
    private static final int SWEEP_SECONDS = 3;

    static {
        // Read when HttpServer loads; without it each small reply waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final SqlEngine engine;
    private final Sessions sessions;
    private final Faults faults = new Faults();
    private final ExecutorService answering;
    private final ExecutorService statements;
    private final ScheduledExecutorService timers;
    private final Future<?> sweeper;

    /**
     * Starts serving. The engine is this server's to close, unless this throws.
     *
     * @param results folder for the files of large results; emptied
     */
    public WarehouseServer(InetSocketAddress address, SqlEngine engine, FolderStages stages, Users users, Path results)
            throws IOException {
        this.engine = engine;
        answering = new ThreadPoolExecutor(
                ANSWERING_THREADS,
                ANSWERING_THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING_REQUESTS),
                threads("warehouse-http"));
        ((ThreadPoolExecutor) answering).allowCoreThreadTimeOut(true);
        statements = new ThreadPoolExecutor(
                0, 2 * Sessions.MOST, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), threads("warehouse-sql"));
        timers = Executors.newSingleThreadScheduledExecutor(threads("warehouse-timer"));
        StageGrants grants = new StageGrants(InstantSource.system());
        ResultFiles files = new ResultFiles(results);
        sessions = new Sessions(statements, faults, InstantSource.system(), session -> {
            grants.revoke(session);
            files.dropSession(session);
        });
        StageFace stageFace = new StageFace(stages, grants);
        StatementRunner runner = new StatementRunner(files, new StageReplies(stages, grants), timers);
        http = HttpServer.create(address, 0);
        http.createContext("/", new ProtocolFace(engine, users, sessions, runner, files, faults));
        http.createContext(StageFace.root(), stageFace);
        http.setExecutor(answering);
        sweeper = timers.scheduleWithFixedDelay(
                () -> sweep(files, stageFace), SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        http.start();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    /** Faults to try a client with. */
    public Faults faults() {
        return faults;
    }

    /** Ends all sessions as a restart would: their tokens mean nothing any more. */
    void forgetSessions() {
        sessions.closeAll();
    }

    /** Ends all sessions, rolls back what they have open, and closes the engine. */
    @Override
    public void close() {
        http.stop(0);
        sweeper.cancel(false);
        timers.shutdownNow();
        answering.shutdownNow();
        sessions.closeAll();
        statements.shutdown();
        try {
            if (!statements.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("Statements still run after 10 seconds; closing the engine under them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine.close();
    }

    private void sweep(ResultFiles files, StageFace stageFace) {
        try {
            sessions.sweep();
            files.sweep();
            stageFace.sweep();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cannot clear away what has run out; trying again in {} seconds", SWEEP_SECONDS, e);
        }
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger last = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + last.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
