package dev.spindrift.local.warehouse.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session's transaction, of Snowflake's rules over DuckDB's.
 *
 * <p>DuckDB's own transaction begins only when the first statement has its locks, and takes its snapshot when it first
 * touches data. So a transaction whose first statement waited for a lock sees what the one before it committed. That is
 * all that is left of READ COMMITTED: later statements still see the first one's snapshot, and a row that changed since
 * fails with 000625 where Snowflake would go on.
 *
 * <p>A statement that DuckDB fails ends its transaction for good, where Snowflake takes back that statement alone. The
 * transaction then refuses all but ROLLBACK, COMMIT above all, so that a part of it is never committed.
 */
final class Transaction {

    /** What a transaction does with its connection. */
    interface Work<T> {
        T run() throws SQLException;
    }

    private final Connection connection;
    private final TableLocks locks;
    private final TableLocks.Owner owner;
    private boolean autocommit = true;
    private boolean open;
    private boolean begun;
    private boolean failed;
    private @Nullable String name;
    private @Nullable Instant startedAt;

    Transaction(Connection connection, TableLocks locks, TableLocks.Owner owner) {
        this.connection = connection;
        this.locks = locks;
        this.owner = owner;
    }

    boolean open() {
        return open;
    }

    @Nullable
    String name() {
        return name;
    }

    @Nullable
    Instant startedAt() {
        return startedAt;
    }

    void begin(@Nullable String wanted, Instant now) {
        requireUsable();
        if (!open) {
            open = true;
            startedAt = now;
            name = wanted == null ? "T" + Long.toHexString(now.toEpochMilli()) : wanted;
        }
    }

    /** Whether statements commit by themselves; a change commits what is open. */
    void setAutocommit(boolean value) throws SQLException {
        if (value != autocommit) {
            commit();
            autocommit = value;
        }
    }

    void requireUsable() {
        if (failed) {
            throw Failures.aborted();
        }
    }

    /** Runs a query: in the open transaction, or by itself. */
    <T> T read(Work<T> work, Instant now) {
        requireUsable();
        try {
            if (!open && !autocommit) {
                begin(null, now);
            }
            if (open) {
                ensureBegun();
            }
            return work.run();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Runs a change: in the open transaction, or in one of its own. */
    <T> T write(Collection<Long> lockedTables, Duration lockTimeout, Work<T> work, Instant now) {
        requireUsable();
        if (!open && !autocommit) {
            begin(null, now);
        }
        boolean alone = !open;
        try {
            for (Long table : lockedTables.stream().sorted().toList()) {
                locks.acquire(owner, table, lockTimeout);
            }
            ensureBegun();
            T result = work.run();
            if (alone) {
                commit();
            }
            return result;
        } catch (SQLException e) {
            SqlFailure failure = failure(e);
            takeBack(alone);
            throw failure;
        } catch (RuntimeException e) {
            noteWhetherFailed();
            takeBack(alone);
            throw e;
        }
    }

    private void takeBack(boolean alone) {
        if (alone) {
            rollback();
        }
    }

    /** A DuckDB error as a Snowflake one; whether the transaction survived it is remembered. */
    SqlFailure failure(SQLException e) {
        noteWhetherFailed();
        return Failures.of(e);
    }

    private void noteWhetherFailed() {
        if (!begun) {
            return;
        }
        try {
            run("SELECT 1");
        } catch (SQLException e) {
            failed = true;
        }
    }

    private void ensureBegun() throws SQLException {
        if (!begun) {
            run("BEGIN TRANSACTION");
            begun = true;
        }
    }

    void commit() throws SQLException {
        requireUsable();
        try {
            if (begun) {
                run("COMMIT");
            }
            begun = false;
        } catch (SQLException e) {
            rollback();
            throw e;
        }
        ended();
    }

    void rollback() {
        try {
            if (begun) {
                run("ROLLBACK");
            }
        } catch (SQLException e) {
            // DuckDB has ended the transaction by itself: there is nothing left to take back.
        } finally {
            begun = false;
            ended();
        }
    }

    private void ended() {
        open = false;
        failed = false;
        name = null;
        startedAt = null;
        locks.releaseAll(owner);
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static List<Long> none() {
        return List.of();
    }
}
