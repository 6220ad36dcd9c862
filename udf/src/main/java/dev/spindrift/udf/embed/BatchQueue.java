package dev.spindrift.udf.embed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides what is in the next batch and when it is due, fairly among the sources of the items. It knows no threads and
 * no clock; the moments are arguments, from any clock that counts nanoseconds upwards.
 *
 * <p>A batch is due when no more would fit the budget, or when an item has waited for the linger. It is filled by
 * deficit round robin: the sources with items stand in a ring; the first spends the cost it has been granted, is
 * granted {@value #GRANT} more and goes to the back. So while {@code n} sources have items, each has an {@code n}-th of
 * what goes through the device, give or take a grant and an item, whatever the others have waiting; within a source it
 * is first come, first served. An item that is dearer than the whole budget goes alone.
 *
 * <p>The capacity is shared likewise. A source always has room for its equal share, and for more while there is any
 * over: one with a full queue never keeps another out. All items together cost at most twice the capacity.
 */
final class BatchQueue<T> {
    /** Of about two short texts: batches mix sources finely, and a turn is still worth taking. */
    static final int GRANT = 256;

    private final long capacity;
    private final long lingerNanos;
    private final Set<Source<T>> sources = new HashSet<>();
    private final ArrayDeque<Source<T>> ring = new ArrayDeque<>();
    private int size;
    private long cost;

    BatchQueue(long capacity, long lingerNanos) {
        this.capacity = capacity;
        this.lingerNanos = lingerNanos;
    }

    /** A new source of items. */
    Source<T> open() {
        Source<T> source = new Source<>();
        sources.add(source);
        return source;
    }

    /** Forgets a source; gives the items that it had waiting. */
    List<T> close(Source<T> source) {
        sources.remove(source);
        ring.remove(source);
        List<T> left = source.waiting.stream().map(Waiting::item).toList();
        size -= left.size();
        cost -= source.cost;
        source.waiting.clear();
        source.cost = 0;
        return left;
    }

    /** Whether an item of this cost may come from {@code source} now. A source without items may always add one. */
    boolean hasRoom(Source<T> source, int itemCost) {
        return source.waiting.isEmpty()
                || cost + itemCost <= capacity
                || source.cost + itemCost <= capacity / sources.size();
    }

    void add(Source<T> source, T item, int itemCost, long now) {
        if (source.waiting.isEmpty()) {
            ring.addLast(source);
        }
        source.waiting.addLast(new Waiting<>(item, itemCost, now));
        source.cost += itemCost;
        cost += itemCost;
        size++;
    }

    /** Nanoseconds until a batch is due: 0 if one is, {@link Long#MAX_VALUE} if nothing waits. */
    long untilDue(int budget, long now) {
        if (size == 0) {
            return Long.MAX_VALUE;
        }
        if (cost >= budget) {
            return 0;
        }
        long longest = 0;
        for (Source<T> source : ring) {
            longest = Math.max(longest, now - source.waiting.getFirst().since);
        }
        return Math.max(0, lingerNanos - longest);
    }

    /** Takes the next batch, due or not; empty if nothing waits. */
    List<T> take(int budget) {
        List<T> batch = new ArrayList<>();
        long taken = 0;
        for (Source<T> first = ring.peekFirst(); first != null; first = ring.peekFirst()) {
            int next = first.waiting.getFirst().cost;
            if (next > first.granted) {
                first.granted += GRANT;
                ring.addLast(ring.removeFirst());
            } else if (batch.isEmpty() || taken + next <= budget) {
                batch.add(first.remove());
                taken += next;
                if (first.waiting.isEmpty()) {
                    first.granted = 0;
                    ring.removeFirst();
                }
            } else {
                break;
            }
        }
        size -= batch.size();
        cost -= taken;
        return batch;
    }

    int size() {
        return size;
    }

    /** What all items together cost. */
    long cost() {
        return cost;
    }

    /** Someone who adds items, in an order of his own. */
    static final class Source<T> {
        private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>();
        private long cost;
        private long granted;

        private Source() {}

        private T remove() {
            Waiting<T> next = waiting.removeFirst();
            cost -= next.cost;
            granted -= next.cost;
            return next.item;
        }
    }

    private record Waiting<T>(T item, int cost, long since) {}
}
