package dev.spindrift.pipeline.job;

import dev.spindrift.pipeline.embed.EmbedderLease;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.embed.RejectedTextException;
import dev.spindrift.udf.model.ModelInfo;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.MetricGroup;

/** Embedders that answer after a while, on threads of their own, and never in the order they were asked. */
record DelayedEmbedders(String test) implements EmbedderLease {
    static final ModelInfo MODEL = new ModelInfo("delayed", "delayed-fingerprint", 2, 512);
    private static final Map<String, Map<String, Integer>> ASKED = new ConcurrentHashMap<>();

    /** How often each text was asked for, by all subtasks and attempts. */
    Map<String, Integer> asked() {
        return ASKED.computeIfAbsent(test, name -> new ConcurrentHashMap<>());
    }

    @Override
    public Embedder open(MetricGroup metrics) {
        return new Delayed(asked());
    }

    @Override
    public void close(Embedder embedder) {}

    private record Delayed(Map<String, Integer> asked) implements Embedder {
        @Override
        public ModelInfo model() {
            return MODEL;
        }

        @Override
        public CompletableFuture<float[]> embed(String text, int tokens) {
            asked.merge(text, 1, Integer::sum);
            CompletableFuture<float[]> answer = new CompletableFuture<>();
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
