package dev.spindrift.udf.embed;

import java.util.concurrent.Semaphore;

/**
 * The forward passes that a device runs at a time, over all models of this JVM. Models that share a CPU do not
 * oversubscribe it, however many workers each has.
 */
final class DeviceSlots {
    private final int count;
    private final Semaphore free;

    DeviceSlots(int count) {
        this.count = count;
        this.free = new Semaphore(count, true);
    }

    /** Waits for one, or until nothing else runs on the device. */
    void take(boolean all) {
        free.acquireUninterruptibly(all ? count : 1);
    }

    void give(boolean all) {
        free.release(all ? count : 1);
    }
}
