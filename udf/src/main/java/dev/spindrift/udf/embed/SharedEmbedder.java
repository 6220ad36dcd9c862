package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.Models;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lease on the one model and batcher that all subtasks and jobs of this JVM share.
 *
 * <p>The first lease on a model loads it and decides the settings for all; the last one closed unloads it. For this to
 * hold across jobs the class must come from Flink's {@code lib} folder, not from the jar of a job.
 */
public final class SharedEmbedder implements Embedder, AutoCloseable {
    private static final EmbedderRegistry REGISTRY = new EmbedderRegistry(Models::open);

    static {
        // libtorch frees its statics at exit; a thread that is still computing then takes the JVM down with it.
        Runtime.getRuntime().addShutdownHook(new Thread(REGISTRY::endAll, "spindrift-embed-end"));
    }

    private final EmbedderRegistry registry;
    private final String name;
    private final EmbedderRegistry.Shared shared;
    private final AtomicBoolean closed = new AtomicBoolean();

    SharedEmbedder(EmbedderRegistry registry, String name, BatchSettings settings) {
        this.registry = registry;
        this.name = name;
        this.shared = registry.hold(name, settings);
    }

    /**
     * A lease on {@code model}, which is loaded now if it is not.
     *
     * @param settings how to batch, if this is the first lease; otherwise those of the first hold
     * @throws IllegalArgumentException if there is no such model
     */
    public static SharedEmbedder acquire(String model, BatchSettings settings) {
        return new SharedEmbedder(REGISTRY, model, settings);
    }

    @Override
    public ModelInfo model() {
        return shared.batcher.model();
    }

    @Override
    public CompletableFuture<float[]> embed(String text, int tokens) {
        if (closed.get()) {
            throw new IllegalStateException("Cannot embed a text: this lease on model " + name + " is closed.");
        }
        return shared.batcher.embed(text, tokens);
    }

    /** What the shared batcher has done, for all its leases together. */
    public BatcherMetrics metrics() {
        return shared.batcher.metrics();
    }

    /** Ends this lease. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            registry.release(shared);
        }
    }
}
