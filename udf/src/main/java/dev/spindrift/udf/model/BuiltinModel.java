package dev.spindrift.udf.model;

import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.lexical.Features;
import dev.spindrift.udf.lexical.LexicalFeatures;
import dev.spindrift.udf.lexical.LexicalTokenizer;
import dev.spindrift.udf.lexical.Projection;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.ArchiveCache;
import dev.spindrift.udf.torch.BufferPool;
import dev.spindrift.udf.torch.InputTensor;
import dev.spindrift.udf.torch.InputTensor.Kind;
import dev.spindrift.udf.torch.ScriptModule;
import dev.spindrift.udf.torch.TorchModule;
import dev.spindrift.udf.torch.TorchScriptArchive;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model that needs no download: {@link LexicalFeatures} projected by a seeded matrix ({@link Projection}) and
 * normalised, by the same engine that runs larger models.
 *
 * <p>It is lexical: two texts are near if they share words or parts of words, not if they mean the same.
 */
final class BuiltinModel implements EmbeddingModel {
    static final String ID = "builtin";
    static final Tokenizer TOKENIZER = new LexicalTokenizer();

    /** Raised by every change that alters a token or a vector. */
    private static final String VERSION = "1";

    private static final int DIMENSION = 256;
    private static final int BUCKET_BITS = 15;
    private static final long SEED = 0x5350494E44524946L; // "SPINDRIF"
    private static final String FILE = "__torch__.py";
    private static final String CODE = """
            class Lexical(Module):
              __parameters__ = []
              __buffers__ = ["projection", ]
              training : bool
              projection : Tensor
              def forward(self: __torch__.Lexical,
                  buckets: Tensor,
                  weights: Tensor,
                  offsets: Tensor) -> Tensor:
                sums, _0, _1, _2, = torch.embedding_bag(self.projection, buckets, offsets, False, 0, False, weights)
                norms = torch.norm(sums, 2, [1], True)
                return torch.div(sums, torch.clamp_min(norms, 1e-12))
            """;

    static final Projection PROJECTION = new Projection(SEED, 1 << BUCKET_BITS, DIMENSION);
    static final LexicalFeatures FEATURES = new LexicalFeatures(BUCKET_BITS, TOKENIZER);
    static final ModelInfo INFO = new ModelInfo(ID, Fingerprint.of(ID, VERSION, CODE), DIMENSION, 512, Precision.FP32);

    private final TorchModule module;
    private final BufferPool buffers = new BufferPool();

    private BuiltinModel(TorchModule module) {
        this.module = module;
    }

    /** Loads the model, writing its archive below {@code cache} if it is not there. */
    static BuiltinModel open(Path cache, String device) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("projection", PROJECTION);
        TorchScriptArchive archive =
                new TorchScriptArchive(new ScriptModule("Lexical", attributes), Map.of(FILE, CODE));
        String recipe = ID + "-" + Fingerprint.of(CODE, PROJECTION.toString());
        return new BuiltinModel(
                TorchModule.load(new ArchiveCache(cache.resolve("models")).get(recipe, archive), device));
    }

    @Override
    public ModelInfo info() {
        return INFO;
    }

    @Override
    public Tokenizer tokenizer() {
        return TOKENIZER;
    }

    @Override
    public float[][] embed(List<ModelInput> inputs) {
        List<Features> batch = new ArrayList<>(inputs.size());
        int total = 0;
        for (ModelInput input : inputs) {
            if (input.tokens() > INFO.maxTokens()) {
                throw new IllegalArgumentException("Cannot embed a text of " + input.tokens() + " tokens: model " + ID
                        + " reads at most " + INFO.maxTokens() + ". Cut it into chunks first.");
            }
            Features features = FEATURES.of(input.text());
            batch.add(features);
            total += features.size();
        }
        return batch.isEmpty() ? new float[0][] : Vectors.rows(run(batch, total), DIMENSION);
    }

    @Override
    public void close() {
        module.close();
    }

    /** Packs buckets and offsets (64-bit), then weights (32-bit), into one buffer and runs the module over it. */
    private float[] run(List<Features> batch, int total) {
        int offsetsAt = Math.multiplyExact(total, Long.BYTES);
        int weightsAt = offsetsAt + batch.size() * Long.BYTES;
        ByteBuffer buffer = buffers.take(Math.addExact(weightsAt, total * Float.BYTES));
        int feature = 0;
        int text = 0;
        for (Features features : batch) {
            buffer.putLong(offsetsAt + text++ * Long.BYTES, feature);
            for (int i = 0; i < features.size(); i++, feature++) {
                buffer.putLong(feature * Long.BYTES, features.buckets()[i]);
                buffer.putFloat(weightsAt + feature * Float.BYTES, features.weights()[i]);
            }
        }
        try {
            return module.call(
                    "forward",
                    InputTensor.of(buffer, 0, Kind.LONG, total),
                    InputTensor.of(buffer, weightsAt, Kind.FLOAT, total),
                    InputTensor.of(buffer, offsetsAt, Kind.LONG, batch.size()));
        } finally {
            buffers.give(buffer);
        }
    }
}
