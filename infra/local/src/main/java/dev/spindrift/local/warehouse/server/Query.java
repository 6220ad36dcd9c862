package dev.spindrift.local.warehouse.server;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One statement that a client sent: where it stands, and its reply, kept for a client that asks again. */
final class Query {
    private final String id = UUID.randomUUID().toString();
    private final String sql;
    private final long started = System.currentTimeMillis();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable Reply reply;
    private volatile boolean cancelled;
    private volatile boolean timedOut;
    private volatile long ended;
    private volatile @Nullable String errorCode;
    private volatile @Nullable String errorMessage;

    Query(String sql) {
        this.sql = sql;
    }

    String id() {
        return id;
    }

    String sql() {
        return sql;
    }

    long started() {
        return started;
    }

    long ended() {
        return ended;
    }

    @Nullable
    String errorCode() {
        return errorCode;
    }

    @Nullable
    String errorMessage() {
        return errorMessage;
    }

    boolean finished() {
        return ended != 0;
    }

    boolean cancelled() {
        return cancelled;
    }

    boolean timedOut() {
        return timedOut;
    }

    void markCancelled() {
        cancelled = true;
    }

    void markTimedOut() {
        timedOut = true;
        cancelled = true;
    }

    void succeed(Reply result) {
        end(result);
    }

    void fail(String code, String sqlState, String message) {
        errorCode = code;
        errorMessage = message;
        end(Reply.failure(code, sqlState, message, id));
    }

    /** Bytes that its reply holds in memory. */
    int weight() {
        Reply held = reply;
        return held == null ? 0 : held.body().length;
    }

    /** Lets go of its result. The query itself stays known, so that a request sent again is not run again. */
    void drop() {
        reply = Reply.failure(
                "000709", "02000", "Cannot give the result of statement " + id + ": it is no longer kept.", id);
    }

    /** The reply, or null if it takes longer than a client should be kept waiting. */
    @Nullable
    Reply await(Duration patience) throws InterruptedException {
        return done.await(patience.toMillis(), TimeUnit.MILLISECONDS) ? reply : null;
    }

    private void end(Reply result) {
        ended = System.currentTimeMillis();
        reply = result;
        done.countDown();
    }
}
