package dev.spindrift.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times several series side by side: in each round each one once, beginning with another one each round, so that a
 * machine that grows slower or faster meanwhile does so for all.
 */
final class Rounds {
    private static final int FEWEST = 3;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<Series> all;

    Rounds(List<Series> all) {
        this.all = all;
    }

    /** Runs one round that does not count, and then as many as end before {@code deadline}, at least three. */
    Map<Series, Samples> run(long deadline) {
        List<Samples> samples = all.stream().map(series -> new Samples()).toList();
        long longest = 0;
        for (Series series : all) {
            longest += time(series, 0).wallNanos();
        }
        for (int round = 0; round < FEWEST || System.nanoTime() + longest < deadline; round++) {
            long begin = System.nanoTime();
            for (int i = 0; i < all.size(); i++) {
                int next = (i + round) % all.size();
                samples.get(next).add(time(all.get(next), round));
            }
            longest = Math.max(longest, System.nanoTime() - begin);
        }
        Map<Series, Samples> bySeries = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            bySeries.put(all.get(i), samples.get(i));
        }
        return bySeries;
    }

    private Samples.Sample time(Series series, int round) {
        long wall = System.nanoTime();
        long cpu = cpuNanos(series.workers());
        Work work = series.run().apply(round);
        return new Samples.Sample(work, cpuNanos(series.workers()) - cpu, System.nanoTime() - wall);
    }

    private long cpuNanos(List<Thread> workers) {
        long nanos = threads.getCurrentThreadCpuTime();
        for (Thread worker : workers) {
            nanos += threads.getThreadCpuTime(worker.getId());
        }
        return nanos;
    }
}
