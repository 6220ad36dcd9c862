package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.ModelSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loaded models with their batchers, each as long as someone holds it.
 *
 * <p>One whose engine is lost is given to nobody any more: the next holder gets the model loaded anew, while those who
 * hold the old one find out and let go. While a forward pass is stuck, though, there is no new one, and the old one is
 * not freed: its thread is in it.
 */
final class EmbedderRegistry {
    private final ReplicaLoader loader;
    private final Duration passLimit;
    private final Map<Key, Shared> current = new HashMap<>();
    private final Set<Shared> loaded = new HashSet<>();

    /** What is shared: a model on these devices. */
    record Key(ModelSettings model, List<String> devices) {}

    /** @param passLimit how long a forward pass may take before its device is given up */
    EmbedderRegistry(ReplicaLoader loader, Duration passLimit) {
        this.loader = loader;
        this.passLimit = passLimit;
    }

    /**
     * Holds a model, loading it if nobody does. Others wait meanwhile.
     *
     * @throws EngineLostException if a forward pass of an earlier holder is stuck
     */
    synchronized Shared hold(Key key, BatchSettings settings) {
        Shared shared = current.get(key);
        if (shared != null && shared.batcher.isStuck()) {
            throw new EngineLostException("Cannot embed with model " + key.model.model() + ": a forward pass on "
                    + String.join(", ", key.devices) + " never came back. Restart the process.");
        }
        if (shared == null || !shared.batcher.isOpen()) {
            if (shared != null && shared.holders == 0) {
                free(shared);
            }
            List<Replica> replicas = loader.load(key.model, key.devices, settings);
            shared = new Shared(key, replicas, new Batcher(replicas, settings, passLimit, System::nanoTime));
            current.put(key, shared);
            loaded.add(shared);
        }
        shared.holders++;
        return shared;
    }

    /** Ends one hold; the last one frees the model. */
    synchronized void release(Shared shared) {
        if (--shared.holders == 0) {
            shared.batcher.close();
            if (!shared.batcher.isStuck()) {
                free(shared);
            }
        }
    }

    private void free(Shared shared) {
        current.remove(shared.key, shared);
        loaded.remove(shared);
        shared.replicas.forEach(replica -> replica.model.close());
    }

    /** Ends all batchers, so that no thread is in native code while the process ends. */
    void endAll() {
        List<Shared> all;
        synchronized (this) {
            all = List.copyOf(loaded);
        }
        all.forEach(shared -> shared.batcher.close());
    }

    /** A model in use. */
    static final class Shared {
        final Batcher batcher;
        final Key key;
        private final List<Replica> replicas;
        private int holders;

        private Shared(Key key, List<Replica> replicas, Batcher batcher) {
            this.key = key;
            this.replicas = replicas;
            this.batcher = batcher;
        }
    }
}
