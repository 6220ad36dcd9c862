package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** MPNet: BERT with a bias on each head's scores that the distance of two tokens decides, the same in all layers. */
final class MpNet {
    /** Positions begin behind the padding token, which has this place whatever the vocabulary says. */
    private static final int PADDING = 1;

    private static final int FARTHEST = 128;

    private MpNet() {}

    static Encoder read(Settings config, Weights weights) {
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int inner = config.integer("intermediate_size");
        int buckets = config.integer("relative_attention_num_buckets", 32);
        Tensors tensors = new Tensors(weights, "embeddings.word_embeddings.weight");
        Numbers table = tensors.table("embeddings.position_embeddings.weight", hidden);
        Numbers positions = table.rows(PADDING + 1, table.shape()[0] - PADDING - 1);
        int maxPositions = (int) positions.shape()[0];
        List<EncoderLayer> layers = Architectures.each(config.integer("num_hidden_layers"), i -> {
            String layer = "encoder.layer." + i + ".";
            String attention = layer + "attention.attn.";
            return new EncoderLayer(
                    tensors.norm(layer + "attention.LayerNorm", hidden),
                    tensors.stacked(
                            List.of(attention + "q", attention + "k", attention + "v"),
                            new long[] {hidden, hidden, hidden},
                            hidden),
                    null,
                    null,
                    tensors.affine(attention + "o", hidden, hidden),
                    tensors.norm(layer + "output.LayerNorm", hidden),
                    tensors.affine(layer + "intermediate.dense", inner, hidden),
                    tensors.affine(layer + "output.dense", hidden, inner),
                    false);
        });
        return new Encoder(
                tensors.table("embeddings.word_embeddings.weight", hidden),
                positions,
                tensors.norm("embeddings.LayerNorm", hidden),
                layers,
                null,
                heads,
                heads,
                Architectures.divided(config, hidden, heads, "hidden_size"),
                false,
                0,
                List.of(),
                bias(
                        tensors.get("encoder.relative_attention_bias.weight", buckets, heads),
                        buckets,
                        heads,
                        maxPositions),
                false,
                false,
                config.decimal("layer_norm_eps", 1e-12),
                Activation.named(config.string("hidden_act", "gelu"), "hidden_act"),
                false,
                maxPositions);
    }

    /** The bias by bucket, {@code [buckets, heads]}, as one by distance, {@code [heads, 2 * positions - 1]}. */
    private static Numbers bias(Numbers byBucket, int buckets, int heads, int positions) {
        float[] of = new float[buckets * heads];
        try {
            byBucket.read(0, of, of.length);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the relative attention bias: " + e + ".", e);
        }
        int distances = 2 * positions - 1;
        float[] byDistance = new float[heads * distances];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < distances; i++) {
                byDistance[head * distances + i] = of[bucket(i - (positions - 1), buckets) * heads + head];
            }
        }
        return Numbers.of(byDistance, heads, distances);
    }

    /**
     * The bucket of a distance of key from query (T5, "Exploring the Limits of Transfer Learning"): half of them for keys
     * behind the query; of each half, the nearer half one per distance, the rest ever wider up to {@value #FARTHEST}. In
     * 32 bits, as the models were trained.
     */
    static int bucket(int distance, int buckets) {
        int half = buckets / 2;
        int exact = half / 2;
        int far = Math.abs(distance);
        int side = distance > 0 ? half : 0;
        if (far < exact) {
            return side + far;
        }
        float log = (float) Math.log((float) far / exact) / (float) Math.log((double) FARTHEST / exact);
        return side + Math.min(half - 1, exact + (int) (log * (half - exact)));
    }
}
