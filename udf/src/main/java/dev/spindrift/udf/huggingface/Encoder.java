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
 * @param heads of queries
 * @param keyValueHeads a divisor of {@code heads}: as many queries share each key and value
 * @param headSize numbers of each
 * @param causal whether a token sees only those before it
 * @param window how far a local layer sees on either side, in tokens; 0 if no layer is local
 * @param rotations frequencies by which queries and keys are rotated ({@code headSize / 2} each, in radians per
 *     position): of the global layers, then of the local ones; empty for no rotation
 * @param relativeBias {@code [heads, 2 * positions - 1]}: what is added to a head's scores at each distance of key from
 *     query, the middle column for distance 0; null for none
 * @param normFirst whether norms stand before attention and MLP, instead of after the sum of their output and input
 * @param rootMeanSquare whether norms only scale, instead of also centering
 * @param epsilon what is added to a variance
 * @param activation of the MLP
 * @param gated whether the MLP multiplies what it activates by a second projection
 * @param maxPositions most tokens it can tell apart
 */
@SuppressWarnings("ArrayRecordComponent") // written out once, never compared
record Encoder(
        Numbers words,
        @Nullable Numbers positions,
        @Nullable Norm embeddingNorm,
        List<EncoderLayer> layers,
        @Nullable Norm finalNorm,
        int heads,
        int keyValueHeads,
        int headSize,
        boolean causal,
        int window,
        List<double[]> rotations,
        @Nullable Numbers relativeBias,
        boolean normFirst,
        boolean rootMeanSquare,
        double epsilon,
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
