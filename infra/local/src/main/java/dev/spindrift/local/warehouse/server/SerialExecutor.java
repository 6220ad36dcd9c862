package dev.spindrift.local.warehouse.server;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs tasks one at a time, in order, on threads that it shares with others. */
final class SerialExecutor implements Executor {
    private final Executor threads;
    private final int capacity;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean draining;

    SerialExecutor(Executor threads, int capacity) {
        this.threads = threads;
        this.capacity = capacity;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            if (waiting.size() == capacity) {
                throw new RejectedExecutionException("Cannot take a statement: " + capacity + " are waiting.");
            }
            waiting.add(task);
            if (draining) {
                return;
            }
            draining = true;
        }
        threads.execute(this::drain);
    }

    private void drain() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable task = waiting.poll();
            draining = task != null;
            return task;
        }
    }
}
