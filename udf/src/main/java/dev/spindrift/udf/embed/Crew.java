package dev.spindrift.udf.embed;

import dev.spindrift.udf.torch.OwnThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The threads of a batcher, and one that sees to it that they come back from the device. */
final class Crew {
    /** How often in its limit a forward pass is looked at. */
    private static final int LOOKS = 60;

    private static final int JOIN_MILLIS = 100;

    private final String name;
    private final Duration passLimit;
    private final LongSupplier nanoClock;
    private final PassWatch passes;
    private final Consumer<EngineLostException> onLoss;
    private final List<Thread> workers = new ArrayList<>();

    /** Whether a forward pass was given up. */
    private volatile boolean hung;

    /**
     * @param passLimit how long a forward pass may take
     * @param onLoss told once, on a thread of its own, when one takes longer
     */
    Crew(String name, Duration passLimit, LongSupplier nanoClock, Consumer<EngineLostException> onLoss) {
        this.name = name;
        this.passLimit = passLimit;
        this.nanoClock = nanoClock;
        this.passes = new PassWatch(passLimit.toNanos(), passLimit.toNanos() / LOOKS, nanoClock.getAsLong());
        this.onLoss = onLoss;
    }

    /** What each forward pass is to be announced to. */
    PassWatch passes() {
        return passes;
    }

    void add(String role, Runnable work) {
        workers.add(OwnThread.of(name + "-" + role, work));
    }

    void start() {
        workers.forEach(Thread::start);
        OwnThread.of(name + "-watch", this::watch).start();
    }

    /** Whether a thread is in a forward pass that was given up: nothing but the end of the process ends it. */
    boolean isStuck() {
        return hung && workers.stream().anyMatch(Thread::isAlive);
    }

    /** Returns when all workers but the caller have ended, or one {@link #isStuck()}. */
    void join() {
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive() && worker != Thread.currentThread() && !hung) {
                try {
                    worker.join(JOIN_MILLIS);
                } catch (InterruptedException e) {
                    // Leaving now would let the model be freed under a running forward pass.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at the forward passes under way until no worker is left, or one of them is given up. */
    private void watch() {
        long interval = Math.max(1, passLimit.toMillis() / LOOKS);
        for (Thread worker : workers) {
            while (worker.isAlive() && !hung) {
                try {
                    worker.join(interval);
                } catch (InterruptedException e) {
                    // A stray one. Look again and go on.
                }
                PassWatch.Pass pass = passes.look(nanoClock.getAsLong());
                if (pass != null) {
                    hung = true;
                    onLoss.accept(new EngineLostException("Cannot embed: " + pass.device
                            + " has not come back from a forward pass over " + pass.texts + " texts for "
                            + passLimit.toSeconds() + " s. Restart the process: nothing else ends it."));
                }
            }
        }
    }
}
