package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.torch.Devices;
import dev.spindrift.udf.torch.OwnThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lease on the one model and batcher that all subtasks and jobs of this JVM share. However much others ask for, each
 * lease gets its fair share of the devices and always has room in the queue.
 *
 * <p>The first lease on a model loads it and decides the settings for all; the last one closed unloads it. For this to
 * hold across jobs the class must come from Flink's {@code lib} folder, not from the jar of a job.
 */
public final class SharedEmbedder implements Embedder, AutoCloseable {
    /** A hundred times what the dearest pass takes on a device that is fit for its model. */
    private static final Duration PASS_LIMIT = Duration.ofMinutes(10);

    private static final EmbedderRegistry REGISTRY = new EmbedderRegistry(
            new ReplicaLoader(Models::open, Runtime.getRuntime().availableProcessors()), PASS_LIMIT);

    static {
        // libtorch frees its statics at exit; a thread that is still computing then takes the JVM down with it.
        Runtime.getRuntime().addShutdownHook(OwnThread.of("spindrift-embed-end", REGISTRY::endAll));
    }

    private final EmbedderRegistry registry;
    private final EmbedderRegistry.Shared shared;
    private final Caller caller;
    private final AtomicBoolean closed = new AtomicBoolean();

    SharedEmbedder(EmbedderRegistry registry, EmbedderRegistry.Key key, BatchSettings settings) {
        this.registry = registry;
        this.shared = registry.hold(key, settings);
        this.caller = shared.batcher.enter();
    }

    /**
     * A lease on {@code model}, which is loaded now if it is not.
     *
     * @param devices as {@link ModelSettings#devices} gives them; each gets a replica of the model
     * @param settings how to batch, if this is the first lease; otherwise those of the first hold
     * @throws IllegalArgumentException if there is no such model
     * @throws EngineLostException if the model's device hangs, so that only a new process can use it
     */
    public static SharedEmbedder acquire(ModelSettings model, List<String> devices, BatchSettings settings) {
        return new SharedEmbedder(REGISTRY, new EmbedderRegistry.Key(model, List.copyOf(devices)), settings);
    }

    /** A lease on {@code model}, on all GPUs or else the CPU, in batches as those like them. */
    public static SharedEmbedder acquire(ModelSettings model) {
        List<String> devices = model.devices(Devices.AUTO);
        return acquire(model, devices, BatchSettings.of(devices.get(0)));
    }

    @Override
    public ModelInfo model() {
        return shared.batcher.model();
    }

    @Override
    public CompletableFuture<float[]> embed(ModelInput input) {
        if (closed.get()) {
            throw new IllegalStateException("Cannot embed a text: this lease on model " + model().id() + " is closed.");
        }
        return shared.batcher.embed(caller, input);
    }

    @Override
    public void taken() {
        shared.batcher.taken(caller);
    }

    /** What the shared batcher has done, for all its leases together. */
    public BatcherMetrics metrics() {
        return shared.batcher.metrics();
    }

    /** Bytes in use on the devices, by this and all else on them ({@link Devices#memoryInUse}). */
    public long memoryInUse() {
        return shared.key.devices().stream().mapToLong(Devices::memoryInUse).sum();
    }

    /**
     * Ends this lease: its texts that wait fail with {@link java.util.concurrent.CancellationException}, those in the
     * model are answered. Other leases' texts are not touched. A second call does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            shared.batcher.leave(caller);
            registry.release(shared);
        }
    }
}
