package dev.spindrift.pipeline.embed;

import dev.spindrift.udf.embed.BatchSettings;
import dev.spindrift.udf.embed.BatcherMetrics;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.embed.SharedEmbedder;
import java.util.function.Function;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Leases the one embedder that all subtasks and jobs of a TaskManager share. */
public final class SharedEmbedderLease implements EmbedderLease {
    private static final long serialVersionUID = 1L;

    private final EmbedSettings settings;

    public SharedEmbedderLease(EmbedSettings settings) {
        this.settings = settings;
    }

    @Override
    public Embedder open(MetricGroup metrics) {
        BatchSettings standard = BatchSettings.defaults();
        SharedEmbedder embedder = SharedEmbedder.acquire(
                settings.model(),
                new BatchSettings(
                        settings.batchTokens(),
                        settings.linger(),
                        Math.max(standard.maxQueuedTokens(), 4 * settings.batchTokens()),
                        standard.workers()));
        MetricGroup batcher = metrics.addGroup("batcher");
        show(batcher, "queuedTexts", embedder, BatcherMetrics::queuedTexts);
        show(batcher, "queuedTokens", embedder, BatcherMetrics::queuedTokens);
        show(batcher, "batches", embedder, BatcherMetrics::batches);
        show(batcher, "texts", embedder, BatcherMetrics::texts);
        show(batcher, "tokens", embedder, BatcherMetrics::tokens);
        show(batcher, "rejected", embedder, BatcherMetrics::rejected);
        show(batcher, "meanBatchTokens", embedder, BatcherMetrics::meanBatchTokens);
        show(batcher, "busyMillis", embedder, each -> each.busyNanos() / 1_000_000);
        return embedder;
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
