package dev.spindrift.udf.huggingface;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transformer as all families are written here: what it computes, and the weights it does so with.
 *
 * @param words {@code [vocabulary, hidden]}
 * @param positions {@code [positions, hidden]}, the first row for a text's first token; null for none
 * @param embeddingNorm of the sum of the two; null for none
 * @param layers from the first to the last
 * @param finalNorm after the last layer; null for none
 * @param attention of all layers
 * @param norms of all layers
 * @param activation of the MLP
 * @param gated whether the MLP multiplies what it activates by a second projection
 * @param maxPositions most tokens it can tell apart
 */
record Encoder(
        Numbers words,
        @Nullable Numbers positions,
        @Nullable Norm embeddingNorm,
        List<EncoderLayer> layers,
        @Nullable Norm finalNorm,
        Attention attention,
        NormStyle norms,
        Activation activation,
        boolean gated,
        int maxPositions) {

    int hidden() {
        return (int) words.shape()[1];
    }

    int vocabulary() {
        return (int) words.shape()[0];
    }
}
