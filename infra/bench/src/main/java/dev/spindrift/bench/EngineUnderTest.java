package dev.spindrift.bench;

import dev.spindrift.udf.embed.BatchSettings;
import dev.spindrift.udf.embed.SharedEmbedder;
import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.token.ModelInput;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Spindrift's engine: a model behind a batcher, as a job uses it, with one worker. */
final class EngineUnderTest implements Closeable {
    private final EmbeddingModel model;
    private final SharedEmbedder embedder;
    private final BatchSettings settings;
    private final List<Thread> workers;

    EngineUnderTest(ModelSettings modelSettings, String device) {
        BatchSettings defaults = BatchSettings.of(device);
        settings = new BatchSettings(defaults.maxBatchTokens(), defaults.linger(), defaults.maxQueuedTokens(), 1);
        model = Models.open(modelSettings, device);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        embedder = SharedEmbedder.acquire(modelSettings, List.of(device), settings);
        workers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.getName().startsWith("spindrift-"))
                .toList();
    }

    EmbeddingModel model() {
        return model;
    }

    /** The batcher's threads. */
    List<Thread> workers() {
        return workers;
    }

    /** The vectors of {@code texts} by way of the batcher. */
    float[][] embed(List<ModelInput> texts) {
        List<CompletableFuture<float[]>> answers = new ArrayList<>(texts.size());
        texts.forEach(text -> answers.add(embedder.embed(text)));
        return answers.stream().map(CompletableFuture::join).toArray(float[][]::new);
    }

    /** The vectors of {@code texts} by the model alone, on the caller's thread, in full batches sorted by length. */
    float[][] embedBare(List<ModelInput> texts) {
        List<Integer> order = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparing(i -> texts.get(i).ids().length))
                .toList();
        float[][] vectors = new float[texts.size()][];
        int from = 0;
        while (from < order.size()) {
            int to = from;
            int tokens = 0;
            while (to < order.size()
                    && (to == from || tokens + texts.get(order.get(to)).cost() <= settings.maxBatchTokens())) {
                tokens += texts.get(order.get(to++)).cost();
            }
            List<Integer> batch = order.subList(from, to);
            float[][] some = model.embed(batch.stream().map(texts::get).toList());
            for (int i = 0; i < some.length; i++) {
                vectors[batch.get(i)] = some[i];
            }
            from = to;
        }
        return vectors;
    }

    @Override
    public void close() {
        embedder.close();
        model.close();
    }
}
