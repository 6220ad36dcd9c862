package dev.spindrift.udf.embed;

import java.util.Arrays;

/** How long the last {@value #KEPT} texts waited. Not thread-safe. */
final class WaitTimes {
    static final int KEPT = 1024;

    private final long[] last = new long[KEPT];
    private long count;

    void add(long nanos) {
        last[(int) (count++ % KEPT)] = nanos;
    }

    /** The wait that the {@code share} of the texts did not exceed, from 0 to 1; 0 if there were none. */
    long quantile(double share) {
        long[] sorted = Arrays.copyOf(last, (int) Math.min(count, KEPT));
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
