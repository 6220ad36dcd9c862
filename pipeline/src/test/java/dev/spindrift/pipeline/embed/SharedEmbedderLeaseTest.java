package dev.spindrift.pipeline.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class SharedEmbedderLeaseTest {
    private final Map<String, Object> metrics = new TreeMap<>();

    @Test
    void showsWhatItsDocumentSays() throws Exception {
        ModelSettings model = ModelSettings.of("builtin");
        SharedEmbedderLease lease =
                new SharedEmbedderLease(new EmbedSettings(model, "auto", 512, 0, Duration.ofMillis(1)));
        Embedder embedder = lease.open(new Recorder(""));
        try {
            embedder.embed(Models.tokenizer(model).document("wind over the sea"))
                    .get();
            embedder.taken();

            String document = Files.readString(Path.of("../docs/metrics.md"));
            assertThat(metrics)
                    .hasSizeGreaterThan(15)
                    .allSatisfy((name, value) ->
                            assertThat(document).contains("`" + name.substring("batcher.".length()) + "`"));
            assertThat(value("batcher.texts")).isEqualTo(1L);
            assertThat(value("batcher.tokens")).isEqualTo(4L);
            assertThat(value("batcher.usefulShare")).isEqualTo(1.0);
            assertThat(value("batcher.queuedTexts")).isEqualTo(0);
            assertThat((Long) value("batcher.memoryBytes")).isGreaterThan(50L << 20);
            assertThat((Integer) value("batcher.workers")).isPositive();
        } finally {
            lease.close(embedder);
        }
    }

    private Object value(String name) {
        return ((Gauge<?>) Objects.requireNonNull(metrics.get(name), name)).getValue();
    }

    /** Keeps what is registered, by its path. */
    private final class Recorder extends UnregisteredMetricsGroup {
        private final String path;

        Recorder(String path) {
            this.path = path;
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            metrics.put(path + name, gauge);
            return gauge;
        }

        @Override
        public <M extends Meter> M meter(String name, M meter) {
            metrics.put(path + name, meter);
            return meter;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new Recorder(path + name + ".");
        }
    }
}
