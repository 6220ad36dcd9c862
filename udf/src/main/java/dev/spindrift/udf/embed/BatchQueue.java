package dev.spindrift.udf.embed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what is in the next batch and when it is due: first come, first served. It knows no threads and no clock;
 * the moments are arguments, from any clock that counts nanoseconds upwards.
 *
 * <p>A batch is the longest run of the oldest items whose costs fit the budget, or the oldest alone if it does not fit.
 * It is due when no more would fit, or when the oldest has waited for the linger.
 */
final class BatchQueue<T> {
    private final long capacity;
    private final long lingerNanos;
    private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>();
    private long cost;

    BatchQueue(long capacity, long lingerNanos) {
        this.capacity = capacity;
        this.lingerNanos = lingerNanos;
    }

    /** Whether an item of this cost may come now. An empty queue takes any. */
    boolean hasRoom(int itemCost) {
        return waiting.isEmpty() || cost + itemCost <= capacity;
    }

    void add(T item, int itemCost, long now) {
        waiting.addLast(new Waiting<>(item, itemCost, now));
        cost += itemCost;
    }

    /** Nanoseconds until a batch is due: 0 if one is, {@link Long#MAX_VALUE} if nothing waits. */
    long untilDue(int budget, long now) {
        Waiting<T> oldest = waiting.peekFirst();
        if (oldest == null) {
            return Long.MAX_VALUE;
        }
        return cost >= budget ? 0 : Math.max(0, lingerNanos - (now - oldest.since));
    }

    /** Takes the next batch, due or not; empty if nothing waits. */
    List<T> take(int budget) {
        List<T> batch = new ArrayList<>();
        long taken = 0;
        for (Waiting<T> next = waiting.peekFirst();
                next != null && (batch.isEmpty() || taken + next.cost <= budget);
                next = waiting.peekFirst()) {
            waiting.removeFirst();
            batch.add(next.item);
            taken += next.cost;
        }
        cost -= taken;
        return batch;
    }

    /** Takes all that waits. */
    List<T> drain() {
        List<T> all = waiting.stream().map(Waiting::item).toList();
        waiting.clear();
        cost = 0;
        return all;
    }

    int size() {
        return waiting.size();
    }

    long cost() {
        return cost;
    }

    private record Waiting<T>(T item, int cost, long since) {}
}
