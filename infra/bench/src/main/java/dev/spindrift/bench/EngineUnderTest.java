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

/** Spindrift's engine as a job uses it, texts going through the batcher, here with one worker; and its model alone. */
final class EngineUnderTest implements Closeable {
    private static final String CPU = "cpu";

    private final BatchSettings settings;
    private final SharedEmbedder embedder;
    private final EmbeddingModel model;
    private final List<Thread> workers;

    EngineUnderTest(ModelSettings modelSettings) {
        BatchSettings usual = BatchSettings.of(CPU);
        settings = new BatchSettings(usual.maxBatchTokens(), usual.linger(), usual.maxQueuedTokens(), 1);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        embedder = SharedEmbedder.acquire(modelSettings, List.of(CPU), settings);
        String name = "spindrift-embed-" + embedder.model().id();
        workers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.getName().startsWith(name))
                .toList();
        model = Models.open(modelSettings, CPU);
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
        float[][] vectors = new float[texts.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = answers.get(i).join();
            embedder.taken();
        }
        return vectors;
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
