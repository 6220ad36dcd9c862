package dev.spindrift.pipeline.embed;

import dev.spindrift.udf.embed.BatchSettings;
import dev.spindrift.udf.embed.BatcherMetrics;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.embed.SharedEmbedder;
import dev.spindrift.udf.model.ModelSettings;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;

/** Leases the one embedder that all subtasks and jobs of a TaskManager share. */
public final class SharedEmbedderLease implements EmbedderLease {
    private static final long serialVersionUID = 1L;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final EmbedSettings settings;

    public SharedEmbedderLease(EmbedSettings settings) {
        this.settings = settings;
    }

    @Override
    public Embedder open(MetricGroup metrics) {
        SharedEmbedder embedder = acquire(settings.model(), settings);
        show(metrics.addGroup("batcher"), embedder);
        return embedder;
    }

    /** The embedder of {@code model} on the devices and in the batches of {@code settings}, which the caller closes. */
    public static SharedEmbedder acquire(ModelSettings model, EmbedSettings settings) {
        List<String> devices = model.devices(settings.device());
        return SharedEmbedder.acquire(
                model, devices, BatchSettings.of(devices.get(0), settings.batchTokens(), settings.linger()));
    }

    private static void show(MetricGroup group, SharedEmbedder embedder) {
        show(group, "queuedTexts", embedder, BatcherMetrics::queuedTexts);
        show(group, "queuedTokens", embedder, BatcherMetrics::queuedTokens);
        show(group, "queueWaitMedianMicros", embedder, each -> each.medianWaitNanos() / NANOS_PER_MICRO);
        show(group, "queueWaitP99Micros", embedder, each -> each.longWaitNanos() / NANOS_PER_MICRO);
        show(group, "batches", embedder, BatcherMetrics::passes);
        rate(group, "texts", embedder, BatcherMetrics::texts);
        rate(group, "tokens", embedder, BatcherMetrics::tokens);
        show(group, "rejected", embedder, BatcherMetrics::rejected);
        show(group, "usefulShare", embedder, BatcherMetrics::usefulShare);
        show(group, "batchFill", embedder, BatcherMetrics::batchFill);
        show(group, "batchTokens", embedder, BatcherMetrics::batchTokens);
        show(group, "memorySplits", embedder, BatcherMetrics::memorySplits);
        show(group, "workers", embedder, BatcherMetrics::workers);
        show(group, "forwardMillis", embedder, each -> each.forwardNanos() / NANOS_PER_MILLI);
        show(group, "idleNoInputMillis", embedder, each -> each.noInputNanos() / NANOS_PER_MILLI);
        show(group, "idleGatheringMillis", embedder, each -> each.gatheringNanos() / NANOS_PER_MILLI);
        show(group, "idleBackpressureMillis", embedder, each -> each.backpressureNanos() / NANOS_PER_MILLI);
        group.gauge("memoryBytes", embedder::memoryInUse);
    }

    private static void rate(
            MetricGroup group, String name, SharedEmbedder embedder, Function<BatcherMetrics, Long> count) {
        Gauge<Long> gauge = group.gauge(name, () -> count.apply(embedder.metrics()));
        group.meter(name + "PerSecond", new MeterView(gauge));
    }

    private static void show(
            MetricGroup group, String name, SharedEmbedder embedder, Function<BatcherMetrics, Number> value) {
        group.gauge(name, (Gauge<Number>) () -> value.apply(embedder.metrics()));
    }

    @Override
    public void close(Embedder embedder) {
        ((SharedEmbedder) embedder).close();
    }
}
