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
        Tensors tensors = new Tensors(weights, "embeddings.word_embeddings.weight");
        Encoder bert = Bert.mpNet(config, tensors, PADDING + 1);
        int heads = bert.attention().heads();
        int buckets = config.integer("relative_attention_num_buckets", 32);
        Numbers byBucket = tensors.get("encoder.relative_attention_bias.weight", buckets, heads);
        return new Encoder(
                bert.words(),
                bert.positions(),
                bert.embeddingNorm(),
                bert.layers(),
                null,
                new Attention(
                        heads,
                        heads,
                        bert.attention().headSize(),
                        false,
                        0,
                        List.of(),
                        bias(byBucket, buckets, heads, bert.maxPositions())),
                bert.norms(),
                bert.activation(),
                false,
                bert.maxPositions());
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
