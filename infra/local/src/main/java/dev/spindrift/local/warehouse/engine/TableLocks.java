package dev.spindrift.local.warehouse.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lock per table, held from an UPDATE, DELETE or MERGE to the end of its transaction. Waiters are served in the order
 * they came; beyond twenty, one more is refused, as Snowflake does. INSERT and COPY take no lock: DuckDB appends from
 * several transactions at once.
 */
final class TableLocks {
    private static final int MOST_WAITERS = 20;

    /**
     * How long a transaction may do nothing while others wait for its lock: a client that was killed says goodbye to
     * nobody. Snowflake gives it five minutes, which is long to wait at a demo.
     */
    private static final Duration MOST_IDLE = Duration.ofSeconds(5);

    /** Who holds and waits. */
    interface Owner {
        boolean cancelled();

        /** Rolls its transaction back if no statement has run in it for {@code limit}. */
        void giveWayIfIdle(Duration limit);
    }

    private static final class Lock {
        private @Nullable Owner holder;
        private final Deque<Owner> waiters = new ArrayDeque<>();
    }

    private final Map<Long, Lock> locks = new HashMap<>();
    private final Map<Owner, Lock> waitsFor = new HashMap<>();

    synchronized void acquire(Owner owner, long table, Duration timeout) {
        Lock lock = locks.computeIfAbsent(table, id -> new Lock());
        if (lock.holder == owner) {
            return;
        }
        if (lock.holder == null && lock.waiters.isEmpty()) {
            lock.holder = owner;
            return;
        }
        if (lock.waiters.size() >= MOST_WAITERS) {
            throw new SqlFailure(
                    "000625",
                    "57014",
                    "Statement aborted because the number of waiters for this lock exceeds the 20 statements limit.");
        }
        if (waitsForever(lock, owner)) {
            throw new SqlFailure(
                    "000625",
                    "57014",
                    "Statement aborted to end a deadlock: two transactions wait for each other's table.");
        }
        lock.waiters.add(owner);
        waitsFor.put(owner, lock);
        try {
            await(lock, owner, timeout);
        } finally {
            lock.waiters.remove(owner);
            waitsFor.remove(owner);
            notifyAll();
        }
    }

    private void await(Lock lock, Owner owner, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (lock.holder != null || lock.waiters.peek() != owner) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (owner.cancelled()) {
                throw Failures.cancelled();
            }
            if (left <= 0) {
                throw new SqlFailure(
                        "000630",
                        "57014",
                        "Statement reached its LOCK_TIMEOUT of " + timeout.toSeconds()
                                + " second(s) and was canceled.");
            }
            try {
                wait(Math.min(left, 500));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failures.cancelled();
            }
            if (lock.holder != null) {
                lock.holder.giveWayIfIdle(MOST_IDLE);
            }
        }
        lock.holder = owner;
    }

    private boolean waitsForever(Lock lock, Owner owner) {
        Set<Owner> seen = new HashSet<>();
        Owner holder = lock.holder;
        while (holder != null && seen.add(holder)) {
            if (holder == owner) {
                return true;
            }
            Lock next = waitsFor.get(holder);
            holder = next == null ? null : next.holder;
        }
        return holder == owner;
    }

    synchronized void releaseAll(Owner owner) {
        for (Lock lock : locks.values()) {
            if (lock.holder == owner) {
                lock.holder = null;
            }
        }
        locks.values().removeIf(lock -> lock.holder == null && lock.waiters.isEmpty());
        notifyAll();
    }

    /** Whether anyone waits for what an owner holds. */
    synchronized boolean awaited(Owner owner) {
        return locks.values().stream().anyMatch(lock -> lock.holder == owner && !lock.waiters.isEmpty());
    }

    /** Makes waiters look again whether they are cancelled. */
    synchronized void wake() {
        notifyAll();
    }
}
