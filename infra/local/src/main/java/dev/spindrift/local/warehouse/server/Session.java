package dev.spindrift.local.warehouse.server;

import dev.spindrift.local.warehouse.engine.SqlSession;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One client's session: its tokens, its statements in order, and the engine's side of it. */
final class Session implements AutoCloseable {
    private static final int MOST_WAITING = 1000;

    private final String id;
    private final String user;
    private final SqlSession sql;
    private final SerialExecutor statements;
    private final QueryLog log = new QueryLog();
    private final Object running = new Object();
    private final InstantSource clock;
    private @Nullable Query current;
    private volatile Tokens tokens;
    private volatile Instant lastUsed;

    /**
     * What a client shows for itself.
     *
     * @param token with each request
     * @param master when the token has expired, for another
     * @param epoch of {@link Faults} in which they were given
     */
    record Tokens(String token, String master, Instant until, Instant masterUntil, long epoch) {}

    Session(String id, String user, SqlSession sql, Executor threads, Tokens tokens, InstantSource clock) {
        this.id = id;
        this.user = user;
        this.sql = sql;
        this.statements = new SerialExecutor(threads, MOST_WAITING);
        this.tokens = tokens;
        this.clock = clock;
        this.lastUsed = clock.instant();
    }

    String id() {
        return id;
    }

    String user() {
        return user;
    }

    SqlSession sql() {
        return sql;
    }

    QueryLog log() {
        return log;
    }

    Tokens tokens() {
        return tokens;
    }

    void tokens(Tokens renewed) {
        tokens = renewed;
    }

    Instant lastUsed() {
        return lastUsed;
    }

    void touch() {
        lastUsed = clock.instant();
    }

    void submit(Runnable statement) {
        statements.execute(statement);
    }

    /** Marks a statement as the one that runs now; false if it was cancelled while it waited. */
    boolean begin(Query query) {
        synchronized (running) {
            if (query.cancelled()) {
                return false;
            }
            current = query;
            return true;
        }
    }

    void end() {
        synchronized (running) {
            current = null;
            touch();
        }
    }

    /** Whether no statement runs. */
    boolean idle() {
        synchronized (running) {
            return current == null;
        }
    }

    /** Cancels a statement, whether it runs or waits; false if it has ended. */
    boolean cancel(Query query, boolean timedOut) {
        synchronized (running) {
            if (query.finished()) {
                return false;
            }
            if (timedOut) {
                query.markTimedOut();
            } else {
                query.markCancelled();
            }
            if (current == query) {
                sql.cancel();
            }
            return true;
        }
    }

    @Override
    public void close() {
        synchronized (running) {
            log.cancelAll();
            if (current != null) {
                sql.cancel();
            }
        }
        sql.close();
    }
}
