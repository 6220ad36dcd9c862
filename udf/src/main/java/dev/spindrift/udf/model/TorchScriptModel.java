package dev.spindrift.udf.model;

import dev.spindrift.udf.huggingface.ModelDirectory;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.ArchiveCache;
import dev.spindrift.udf.torch.BufferPool;
import dev.spindrift.udf.torch.InputTensor;
import dev.spindrift.udf.torch.InputTensor.Kind;
import dev.spindrift.udf.torch.TorchModule;
import dev.spindrift.udf.torch.TorchScriptFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A TorchScript module that the user brings, with the pooling that its directory asks for behind it.
 *
 * <p>Nothing is known of what it does with padding, so it gets none: texts of the same length go through it together.
 */
final class TorchScriptModel implements EmbeddingModel {
    private final ModelInfo info;
    private final ModelDirectory directory;
    private final TorchModule script;
    private final TorchModule head;
    private final BufferPool buffers = new BufferPool();

    private TorchScriptModel(ModelInfo info, ModelDirectory directory, TorchModule script, TorchModule head) {
        this.info = info;
        this.directory = directory;
        this.script = script;
        this.head = head;
    }

    /** Loads the module {@code file}. */
    static TorchScriptModel open(ModelInfo info, ModelDirectory directory, Path file, Path cache, String device) {
        if (info.precision() != Precision.FP32) {
            throw new IllegalArgumentException("Cannot run model " + info.id() + " in " + info.precision()
                    + ": a TorchScript file computes as it was written. Leave out embed.precision.");
        }
        TorchScriptFile.check(file);
        Path archive = directory.headArchive(new ArchiveCache(cache.resolve("models")), info.dimension());
        TorchModule head = TorchModule.load(archive, "cpu");
        try {
            return new TorchScriptModel(info, directory, TorchModule.load(file, device), head);
        } catch (RuntimeException e) {
            head.close();
            throw e;
        }
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
        Map<Integer, List<Integer>> byLength = new TreeMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            directory.check(inputs.get(i));
            byLength.computeIfAbsent(inputs.get(i).ids().length, length -> new ArrayList<>())
                    .add(i);
        }
        float[][] vectors = new float[inputs.size()][];
        byLength.forEach((length, places) -> {
            List<ModelInput> alike = places.stream().map(inputs::get).toList();
            float[][] rows = embed(alike, length);
            for (int i = 0; i < rows.length; i++) {
                vectors[places.get(i)] = rows[i];
            }
        });
        return vectors;
    }

    private float[][] embed(List<ModelInput> alike, int length) {
        int sequences = alike.size();
        int numbers = Math.multiplyExact(sequences, length);
        ByteBuffer buffer = buffers.take(Math.multiplyExact(2 * numbers, Long.BYTES));
        try {
            int at = 0;
            for (ModelInput input : alike) {
                for (int id : input.ids()) {
                    buffer.putLong(at * Long.BYTES, id);
                    buffer.putLong((numbers + at) * Long.BYTES, 1);
                    at++;
                }
            }
            float[] hidden = script.callOnDevice(
                    "forward", longs(buffer, 0, sequences, length), longs(buffer, numbers, sequences, length));
            return pooled(hidden, alike, length);
        } finally {
            buffers.give(buffer);
        }
    }

    /** What the module gives one vector per text for, has nothing left to pool. */
    private float[][] pooled(float[] hidden, List<ModelInput> alike, int length) {
        int sequences = alike.size();
        int width = directory.hidden();
        int tokens = hidden.length / (sequences * width);
        if (hidden.length != sequences * width * tokens || (tokens != 1 && tokens != length)) {
            throw new IllegalStateException("Cannot embed with model " + info.id() + ": for " + sequences + " texts of "
                    + length + " tokens its module gave " + hidden.length
                    + " numbers, neither one vector of hidden_size "
                    + width + " for each token nor one for each text. Mend hidden_size in config.json.");
        }
        ByteBuffer buffer = buffers.take(Math.addExact(hidden.length * Float.BYTES, 2 * sequences * Long.BYTES));
        try {
            int lengths = 2 * sequences * Long.BYTES;
            for (int i = 0; i < sequences; i++) {
                buffer.putLong(i * Long.BYTES, tokens);
                buffer.putLong((sequences + i) * Long.BYTES, tokens == 1 ? 0 : directory.skipped(alike.get(i)));
            }
            ByteBuffer numbers =
                    buffer.slice(lengths, hidden.length * Float.BYTES).order(ByteOrder.nativeOrder());
            numbers.asFloatBuffer().put(hidden);
            float[] flat = head.call(
                    "forward",
                    new InputTensor(numbers, Kind.FLOAT, (long) sequences * tokens, width),
                    longs(buffer, 0, sequences),
                    longs(buffer, sequences, sequences));
            return Vectors.rows(flat, info.dimension());
        } finally {
            buffers.give(buffer);
        }
    }

    @Override
    public void close() {
        script.close();
        head.close();
    }

    private static InputTensor longs(ByteBuffer buffer, int from, long... shape) {
        return InputTensor.of(buffer, from * Long.BYTES, Kind.LONG, shape);
    }
}
