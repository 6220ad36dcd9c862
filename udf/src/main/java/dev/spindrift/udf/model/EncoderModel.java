package dev.spindrift.udf.model;

import dev.spindrift.udf.huggingface.ModelDirectory;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.ArchiveCache;
import dev.spindrift.udf.torch.BufferPool;
import dev.spindrift.udf.torch.InputTensor;
import dev.spindrift.udf.torch.ScriptTensor.Kind;
import dev.spindrift.udf.torch.TorchModule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** A transformer from a model directory. A batch goes to the device as one row of tokens, without padding. */
final class EncoderModel implements EmbeddingModel {
    /** Rows of the products that oneDNN is told to order the weights for; it does not change results. */
    private static final int USUAL_TOKENS = 1024;

    private final ModelInfo info;
    private final ModelDirectory directory;
    private final TorchModule module;
    private final BufferPool buffers = new BufferPool();

    private EncoderModel(ModelInfo info, ModelDirectory directory, TorchModule module) {
        this.info = info;
        this.directory = directory;
        this.module = module;
    }

    /** Loads the model, writing its archive below {@code cache} if it is not there. */
    static EncoderModel open(ModelInfo info, ModelDirectory directory, Path cache, String device) {
        Kind kind = switch (info.precision()) {
            case FP32, INT8 -> Kind.FLOAT;
            case BF16 -> Kind.BFLOAT16;
            case FP16 -> Kind.HALF;
        };
        boolean quantized = info.precision() == Precision.INT8;
        if (quantized && !(device.equals("cpu") && CpuFeatures.multipliesBytes())) {
            throw new IllegalArgumentException("Cannot run model " + info.id() + " in int8 on " + device
                    + ": int8 is for processors with VNNI. Set embed.precision to another.");
        }
        Path archive = directory.archive(new ArchiveCache(cache.resolve("models")), kind, quantized, info.dimension());
        TorchModule module = TorchModule.load(archive, device);
        if (device.equals("cpu") && isReordered(info.precision())) {
            module.call("prepare", number(USUAL_TOKENS));
        }
        return new EncoderModel(info, directory, module);
    }

    /** oneDNN refuses to order 16-bit weights for a processor that cannot multiply them. */
    private static boolean isReordered(Precision precision) {
        return switch (precision) {
            case FP32, INT8 -> true;
            case BF16 -> CpuFeatures.multipliesBfloat16();
            case FP16 -> false;
        };
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public Tokenizer tokenizer() {
        return directory.tokenizer();
    }

    @Override
    public float[][] embed(List<ModelInput> inputs) {
        if (inputs.isEmpty()) {
            return new float[0][];
        }
        int tokens = 0;
        for (ModelInput input : inputs) {
            directory.check(input);
            tokens = Math.addExact(tokens, input.ids().length);
        }
        int sequences = inputs.size();
        ByteBuffer buffer = buffers.take(Math.multiplyExact(2 * (tokens + sequences), Long.BYTES));
        try {
            int token = 0;
            for (int i = 0; i < sequences; i++) {
                int[] ids = inputs.get(i).ids();
                for (int place = 0; place < ids.length; place++, token++) {
                    buffer.putLong(token * Long.BYTES, ids[place]);
                    buffer.putLong((tokens + token) * Long.BYTES, place);
                }
                buffer.putLong((2 * tokens + i) * Long.BYTES, ids.length);
                buffer.putLong((2 * tokens + sequences + i) * Long.BYTES, directory.skipped(inputs.get(i)));
            }
            return rows(module.call(
                    "packed",
                    numbers(buffer, 0, tokens),
                    numbers(buffer, tokens, tokens),
                    numbers(buffer, 2 * tokens, sequences),
                    numbers(buffer, 2 * tokens + sequences, sequences)));
        } finally {
            buffers.give(buffer);
        }
    }

    @Override
    public void close() {
        module.close();
    }

    private float[][] rows(float[] flat) {
        int dimension = info.dimension();
        float[][] rows = new float[flat.length / dimension][dimension];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(flat, i * dimension, rows[i], 0, dimension);
        }
        return rows;
    }

    private static InputTensor number(int number) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        return new InputTensor(buffer.putLong(0, number), InputTensor.Kind.LONG, 1);
    }

    private static InputTensor numbers(ByteBuffer buffer, int from, int count) {
        ByteBuffer part = buffer.slice(from * Long.BYTES, count * Long.BYTES).order(ByteOrder.nativeOrder());
        return new InputTensor(part, InputTensor.Kind.LONG, count);
    }
}
