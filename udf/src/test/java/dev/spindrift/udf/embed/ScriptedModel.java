package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.Precision;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;
import dev.spindrift.udf.torch.DeviceMemoryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model that does what its texts say: {@code poison} fails the batch, {@code unfit} is called unfit, {@code nan} and
 * {@code short} get bad vectors. Any other text gets its length and a one.
 */
final class ScriptedModel implements EmbeddingModel {
    static final ModelInfo INFO = new ModelInfo("scripted", "f", 2, 512, Precision.FP32);

    final List<List<String>> passes = Collections.synchronizedList(new ArrayList<>());
    final List<ClassLoader> loaders = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger closed = new AtomicInteger();

    /** Each pass takes one permit. */
    final Semaphore permits = new Semaphore(Integer.MAX_VALUE / 2);

    /** Most texts for which the device has memory. */
    volatile int memory = Integer.MAX_VALUE;

    /** What {@link #memory} becomes with the first pass that lacks it. */
    volatile int memoryAfterFailure = -1;

    /** The pass that fails whatever its texts, counted from 1; 0 for none. */
    volatile int failingPass;

    volatile boolean dead;

    /** This model on a CPU. */
    Replica replica(BatchSettings settings) {
        return new Replica(
                this, "cpu", settings.workers(), new DeviceSlots(settings.workers()), settings.maxBatchTokens());
    }

    @Override
    public ModelInfo info() {
        return INFO;
    }

    @Override
    public Tokenizer tokenizer() {
        return text -> new Tokens(new int[text.length()], new int[text.length()], new int[text.length()]);
    }

    @Override
    public float[][] embed(List<ModelInput> inputs) {
        List<String> texts = inputs.stream().map(ModelInput::text).toList();
        permits.acquireUninterruptibly();
        passes.add(texts);
        loaders.add(Thread.currentThread().getContextClassLoader());
        if (dead) {
            throw new IllegalStateException("CUDA error: device-side assert triggered");
        }
        if (passes.size() == failingPass) {
            throw new IllegalStateException("passing cloud");
        }
        if (texts.size() > memory) {
            memory = memoryAfterFailure < 0 ? memory : memoryAfterFailure;
            throw new DeviceMemoryException("out of memory", new IllegalStateException("scripted"));
        }
        if (texts.contains("fatal")) {
            throw new UnsatisfiedLinkError("libtorch");
        }
        if (texts.contains("unfit")) {
            throw new IllegalArgumentException("too long");
        }
        if (texts.contains("poison")) {
            throw new IllegalStateException("bad day");
        }
        return texts.stream().map(ScriptedModel::vector).toArray(float[][]::new);
    }

    private static float[] vector(String text) {
        return switch (text) {
            case "nan" -> new float[] {1, Float.NaN};
            case "short" -> new float[] {1};
            default -> new float[] {text.length(), 1};
        };
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
