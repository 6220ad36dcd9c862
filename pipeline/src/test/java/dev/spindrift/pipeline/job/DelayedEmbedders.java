package dev.spindrift.pipeline.job;

import dev.spindrift.pipeline.embed.EmbedderLease;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.embed.RejectedTextException;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.Precision;
import dev.spindrift.udf.token.ModelInput;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.MetricGroup;

/**
 * Embedders that answer after a while, on threads of their own, and never in the order they were asked.
 *
 * @param test whose count of questions this is
 * @param holdsSome whether the texts of which {@link #held} never get their answer
 */
record DelayedEmbedders(String test, boolean holdsSome) implements EmbedderLease {
    static final ModelInfo MODEL = new ModelInfo("delayed", "delayed-fingerprint", 2, 512, Precision.FP32);
    private static final Map<String, Map<String, Integer>> ASKED = new ConcurrentHashMap<>();

    /** How often each text was asked for, by all subtasks and attempts. */
    Map<String, Integer> asked() {
        return ASKED.computeIfAbsent(test, name -> new ConcurrentHashMap<>());
    }

    /** Whether {@code text} is one that is held back where some are. */
    static boolean held(String text) {
        return text.hashCode() % 2 != 0;
    }

    @Override
    public Embedder open(MetricGroup metrics) {
        return new Delayed(asked(), holdsSome);
    }

    @Override
    public void close(Embedder embedder) {}

    private record Delayed(Map<String, Integer> asked, boolean holdsSome) implements Embedder {
        @Override
        public ModelInfo model() {
            return MODEL;
        }

        @Override
        public CompletableFuture<float[]> embed(ModelInput input) {
            String text = input.text();
            asked.merge(text, 1, Integer::sum);
            CompletableFuture<float[]> answer = new CompletableFuture<>();
            if (holdsSome && held(text)) {
                return answer;
            }
            int delay = Math.floorMod(text.hashCode() * 31, 40);
            CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS).execute(() -> {
                if (text.contains("unembeddable")) {
                    answer.completeExceptionally(new RejectedTextException("too strange"));
                } else {
                    answer.complete(new float[] {text.length(), 1});
                }
            });
            return answer;
        }
    }
}
