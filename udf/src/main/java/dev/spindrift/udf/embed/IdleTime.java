package dev.spindrift.udf.embed;

import java.util.EnumMap;
import java.util.Map;

/**
 * How long devices had nothing to do, by the reason. The moments are arguments; between two of them nothing changed.
 *
 * <p>Counted in units of device time: one worker of a CPU, or one GPU, each of which is idle or at work.
 */
final class IdleTime {

    /** Why a device waits. */
    enum Reason {
        /** Nobody has a text to embed. */
        NO_INPUT,
        /** Texts wait for their batch to fill, no longer than the linger. */
        GATHERING,
        /** No text waits, and a caller has answers that it has not taken: what is behind it holds it up. */
        BACKPRESSURE
    }

    private final Map<Reason, Long> nanos = new EnumMap<>(Reason.class);
    private long since;
    private int idle;
    private Reason reason = Reason.NO_INPUT;

    IdleTime(int units, long now) {
        this.idle = units;
        this.since = now;
    }

    /** From {@code now} on, so many units are idle for this reason. */
    void change(int units, Reason why, long now) {
        nanos.merge(reason, idle * (now - since), Long::sum);
        since = now;
        idle = units;
        reason = why;
    }

    /** Unit-nanoseconds until {@code now} for this reason. */
    long nanos(Reason why, long now) {
        return nanos.getOrDefault(why, 0L) + (why == reason ? idle * (now - since) : 0);
    }
}
