package dev.spindrift.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** What one {@link Series} took, round by round. */
final class Samples {
    private static final double NANOS = 1e9;

    private final List<Sample> samples = new ArrayList<>();

    /**
     * One round.
     *
     * @param cpuNanos time on a processor, over all threads that compute
     * @param wallNanos time from begin to end
     */
    record Sample(Work work, long cpuNanos, long wallNanos) {}

    void add(Sample sample) {
        samples.add(sample);
    }

    int rounds() {
        return samples.size();
    }

    /** Median useful tokens per second of processor time. */
    double tokensPerCpuSecond() {
        return median(sample -> NANOS * sample.work.tokens() / sample.cpuNanos);
    }

    /** Median useful tokens per second of a clock. */
    double tokensPerSecond() {
        return median(sample -> NANOS * sample.work.tokens() / sample.wallNanos);
    }

    /** Median useful floating point operations per second of processor time. */
    double flopsPerCpuSecond() {
        return median(Samples::flopsPerCpuSecond);
    }

    /** How many times the processor time of this {@code other} takes for the same work: the median over the rounds. */
    double timesFasterThan(Samples other) {
        return paired(other, (mine, others) -> (double) others.cpuNanos / mine.cpuNanos);
    }

    /** This one's floating point operations per second of processor time over {@code other}'s: the median likewise. */
    double flopsOver(Samples other) {
        return paired(other, (mine, others) -> flopsPerCpuSecond(mine) / flopsPerCpuSecond(others));
    }

    /** The two in a row: the work of this, the processor and wall time of both. */
    Samples followedBy(Samples next) {
        Samples both = new Samples();
        for (int i = 0; i < samples.size(); i++) {
            Sample first = samples.get(i);
            Sample second = next.samples.get(i);
            both.add(new Sample(first.work, first.cpuNanos + second.cpuNanos, first.wallNanos + second.wallNanos));
        }
        return both;
    }

    private static double flopsPerCpuSecond(Sample sample) {
        return NANOS * sample.work.flops() / sample.cpuNanos;
    }

    private double paired(Samples other, ToDoubleBiFunction<Sample, Sample> ratio) {
        double[] ratios = new double[samples.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ratio.applyAsDouble(samples.get(i), other.samples.get(i));
        }
        return median(ratios);
    }

    private double median(ToDoubleFunction<Sample> number) {
        return median(samples.stream().mapToDouble(number).toArray());
    }

    private static double median(double[] numbers) {
        Arrays.sort(numbers);
        int middle = numbers.length / 2;
        return numbers.length % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
    }
}
