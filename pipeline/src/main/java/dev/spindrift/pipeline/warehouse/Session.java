package dev.spindrift.pipeline.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.flink.util.clock.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that outlives failures: work that fails for a passing reason is tried again on a new connection, with
 * growing pauses, until a time limit. The work must therefore be safe to repeat from its beginning, also when it had
 * its effect and only the answer was lost.
 */
public final class Session implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final ConnectionSource source;
    private final Duration limit;
    private final Clock clock;
    private final Pause pause;
    private @Nullable Connection connection;
    private long retries;

    /** Work on a connection that has no open transaction, and that leaves none when it returns. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Lets time pass. */
    @FunctionalInterface
    public interface Pause {
        void last(Duration time) throws InterruptedException;
    }

    /**
     * @param limit how long work is tried again after it first failed
     */
    public Session(ConnectionSource source, Duration limit, Clock clock, Pause pause) {
        this.source = source;
        this.limit = limit;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Runs {@code work} until it returns.
     *
     * @throws SQLException the last failure, if it is not a passing one or the time is up
     */
    public <T> T run(String what, Work<T> work) throws SQLException, InterruptedException {
        long deadline = clock.relativeTimeNanos() + limit.toNanos();
        Duration next = FIRST_PAUSE;
        while (true) {
            try {
                return work.run(connection());
            } catch (SQLException failure) {
                discard();
                boolean late = clock.relativeTimeNanos() + next.toNanos() > deadline;
                if (late
                        || !ErrorCodes.isTransient(failure)
                        || Thread.currentThread().isInterrupted()) {
                    throw failure;
                }
                LOG.warn("Cannot {} now, trying again in {}: {}", what, next, failure.toString());
                retries++;
                pause.last(next);
                next = next.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? next.multipliedBy(2) : LONGEST_PAUSE;
            } catch (RuntimeException | Error failure) {
                // Whatever it was, nobody knows what state it left the connection in.
                discard();
                throw failure;
            }
        }
    }

    /** How often work was tried again so far. */
    public long retries() {
        return retries;
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            connection = source.open();
        }
        return connection;
    }

    private void discard() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.debug("A failed connection did not close: {}", e.toString());
            }
        }
    }

    @Override
    public void close() {
        discard();
    }
}
