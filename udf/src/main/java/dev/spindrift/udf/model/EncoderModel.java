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

    /**
     * A batch has a multiple of so many rows, the last of them idle. oneDNN makes and keeps a program for each number of
     * rows it meets: of any number there would be hundreds, which took memory without end in sight.
     */
    private static final int ROW_STEP = 32;

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
        int rows = Math.addExact(tokens, ROW_STEP - 1) / ROW_STEP * ROW_STEP;
        ByteBuffer buffer = buffers.take(Math.multiplyExact(2 * (rows + sequences), Long.BYTES));
        try {
            int token = 0;
            for (int i = 0; i < sequences; i++) {
                int[] ids = inputs.get(i).ids();
                for (int place = 0; place < ids.length; place++, token++) {
                    buffer.putLong(token * Long.BYTES, ids[place]);
                    buffer.putLong((rows + token) * Long.BYTES, place);
                }
                buffer.putLong((2 * rows + i) * Long.BYTES, ids.length);
                buffer.putLong((2 * rows + sequences + i) * Long.BYTES, directory.skipped(inputs.get(i)));
            }
            for (; token < rows; token++) {
                buffer.putLong(token * Long.BYTES, 0);
                buffer.putLong((rows + token) * Long.BYTES, 0);
            }
            float[] flat = module.call(
                    "packed",
                    numbers(buffer, 0, rows),
                    numbers(buffer, rows, rows),
                    numbers(buffer, 2 * rows, sequences),
                    numbers(buffer, 2 * rows + sequences, sequences));
            return Vectors.rows(flat, info.dimension());
        } finally {
            buffers.give(buffer);
        }
    }

    @Override
    public void close() {
        module.close();
    }

    private static InputTensor number(int number) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        return new InputTensor(buffer.putLong(0, number), InputTensor.Kind.LONG, 1);
    }

    private static InputTensor numbers(ByteBuffer buffer, int from, int count) {
        return InputTensor.of(buffer, from * Long.BYTES, InputTensor.Kind.LONG, count);
    }
}
