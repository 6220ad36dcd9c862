package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.token.ModelInput;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lease on the one model and batcher that all subtasks and jobs of this JVM share.
 *
 * <p>The first lease on a model loads it and decides the settings for all; the last one closed unloads it. For this to
 * hold across jobs the class must come from Flink's {@code lib} folder, not from the jar of a job.
 */
public final class SharedEmbedder implements Embedder, AutoCloseable {
    private static final EmbedderRegistry REGISTRY = new EmbedderRegistry(model -> Models.open(model, "cpu"));

    static {
        // libtorch frees its statics at exit; a thread that is still computing then takes the JVM down with it.
        Runtime.getRuntime().addShutdownHook(new Thread(REGISTRY::endAll, "spindrift-embed-end"));
    }

    private final EmbedderRegistry registry;
    private final ModelSettings model;
    private final EmbedderRegistry.Shared shared;
    private final AtomicBoolean closed = new AtomicBoolean();

    SharedEmbedder(EmbedderRegistry registry, ModelSettings model, BatchSettings settings) {
        this.registry = registry;
        this.model = model;
        this.shared = registry.hold(model, settings);
    }

    /**
     * A lease on {@code model}, which is loaded now if it is not.
     *
     * @param settings how to batch, if this is the first lease; otherwise those of the first hold
     * @throws IllegalArgumentException if there is no such model
     */
    public static SharedEmbedder acquire(ModelSettings model, BatchSettings settings) {
        return new SharedEmbedder(REGISTRY, model, settings);
    }

    @Override
    public ModelInfo model() {
        return shared.batcher.model();
    }

    @Override
    public CompletableFuture<float[]> embed(ModelInput input) {
        if (closed.get()) {
            throw new IllegalStateException(
                    "Cannot embed a text: this lease on model " + model.model() + " is closed.");
        }
        return shared.batcher.embed(input);
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
