package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelSettings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Loaded models with their batchers, each as long as someone holds it.
 *
 * <p>One whose engine is lost is given to nobody any more: the next holder gets the model loaded anew, while those who
 * hold the old one find out and let go.
 */
final class EmbedderRegistry {
    private final Function<ModelSettings, EmbeddingModel> open;
    private final Map<ModelSettings, Shared> current = new HashMap<>();
    private final Set<Shared> held = new HashSet<>();

    EmbedderRegistry(Function<ModelSettings, EmbeddingModel> open) {
        this.open = open;
    }

    /** Holds {@code model}, loading it if nobody does. Others wait meanwhile. */
    synchronized Shared hold(ModelSettings model, BatchSettings settings) {
        Shared shared = current.get(model);
        if (shared == null || !shared.batcher.isOpen()) {
            EmbeddingModel loaded = open.apply(model);
            shared = new Shared(model, loaded, new Batcher(loaded, settings));
            current.put(model, shared);
            held.add(shared);
        }
        shared.holders++;
        return shared;
    }

    /** Ends one hold; the last one frees the model. */
    synchronized void release(Shared shared) {
        if (--shared.holders == 0) {
            current.remove(shared.settings, shared);
            held.remove(shared);
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
            all = List.copyOf(held);
        }
        all.forEach(shared -> shared.batcher.close());
    }

    /** A model in use. */
    static final class Shared {
        final Batcher batcher;
        private final ModelSettings settings;
        private final EmbeddingModel model;
        private int holders;

        private Shared(ModelSettings settings, EmbeddingModel model, Batcher batcher) {
            this.settings = settings;
            this.model = model;
            this.batcher = batcher;
        }
    }
}
