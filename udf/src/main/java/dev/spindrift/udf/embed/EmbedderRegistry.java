package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.EmbeddingModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Loaded models with their batchers, each as long as someone holds it. */
final class EmbedderRegistry {
    private final Function<String, EmbeddingModel> open;
    private final Map<String, Shared> byModel = new HashMap<>();

    EmbedderRegistry(Function<String, EmbeddingModel> open) {
        this.open = open;
    }

    /** Holds {@code model}, loading it if nobody does. Others wait meanwhile. */
    synchronized Batcher hold(String model, BatchSettings settings) {
        Shared shared = byModel.computeIfAbsent(model, name -> {
            EmbeddingModel loaded = open.apply(name);
            return new Shared(loaded, new Batcher(loaded, settings));
        });
        shared.holders++;
        return shared.batcher;
    }

    /** Ends one hold of {@code model}; the last one frees it. */
    synchronized void release(String model) {
        Shared shared = byModel.get(model);
        if (shared == null) {
            throw new IllegalStateException("Cannot release model " + model + ": nobody holds it.");
        }
        if (--shared.holders == 0) {
            byModel.remove(model);
            try {
                shared.batcher.close();
            } finally {
                shared.model.close();
            }
        }
    }

    /** Ends all batchers, so that no thread is in native code while the process ends. */
    void endAll() {
        List<Shared> all;
        synchronized (this) {
            all = List.copyOf(byModel.values());
        }
        all.forEach(shared -> shared.batcher.close());
    }

    private static final class Shared {
        private final EmbeddingModel model;
        private final Batcher batcher;
        private int holders;

        Shared(EmbeddingModel model, Batcher batcher) {
            this.model = model;
            this.batcher = batcher;
        }
    }
}
