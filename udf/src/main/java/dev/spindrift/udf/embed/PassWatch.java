package dev.spindrift.udf.embed;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a forward pass that will not come back from one that is slow, by how long it has been seen running.
 *
 * <p>Seen, and not by the clock alone: between two looks no more counts than two of the intervals at which looks are
 * due. A process that was stopped for an hour and goes on has not been in its passes for an hour.
 */
final class PassWatch {
    private final long limitNanos;
    private final long intervalNanos;
    private final Set<Pass> running = new HashSet<>();
    private long lastLook;

    /**
     * @param limitNanos how long a pass may run
     * @param intervalNanos how often {@link #look} is going to be called
     */
    PassWatch(long limitNanos, long intervalNanos, long now) {
        this.limitNanos = limitNanos;
        this.intervalNanos = intervalNanos;
        this.lastLook = now;
    }

    synchronized Pass begin(String device, int texts, long now) {
        Pass pass = new Pass(device, texts, now);
        running.add(pass);
        return pass;
    }

    synchronized void end(Pass pass) {
        running.remove(pass);
    }

    /** A pass that has been seen running for the limit, if there is one. */
    synchronized @Nullable Pass look(long now) {
        long step = Math.min(now - lastLook, 2 * intervalNanos);
        lastLook = now;
        for (Pass pass : running) {
            pass.seenNanos += Math.min(step, now - pass.began);
            if (pass.seenNanos >= limitNanos) {
                return pass;
            }
        }
        return null;
    }

    /** A forward pass under way. */
    static final class Pass {
        final String device;
        final int texts;
        private final long began;
        private long seenNanos;

        private Pass(String device, int texts, long began) {
            this.device = device;
            this.texts = texts;
            this.began = began;
        }
    }
}
