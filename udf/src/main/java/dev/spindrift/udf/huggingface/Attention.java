package dev.spindrift.udf.huggingface;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the layers of an encoder look at other tokens.
 *
 * @param heads of queries
 * @param keyValueHeads a divisor of {@code heads}: as many queries share each key and value
 * @param headSize numbers of each
 * @param causal whether a token sees only those before it
 * @param window how far a local layer sees on either side, in tokens; 0 if no layer is local
 * @param rotations frequencies by which queries and keys are rotated ({@code headSize / 2} each, in radians per
 *     position): of the global layers, then of the local ones; empty for no rotation
 * @param relativeBias {@code [heads, 2 * positions - 1]}: what is added to a head's scores at each distance of key from
 *     query, the middle column for distance 0; null for none
 */
record Attention(
        int heads,
        int keyValueHeads,
        int headSize,
        boolean causal,
        int window,
        List<double[]> rotations,
        @Nullable Numbers relativeBias) {

    /** Each token sees all others, as they are. */
    static Attention plain(int heads, int headSize) {
        return new Attention(heads, heads, headSize, false, 0, List.of(), null);
    }

    /** Each token sees all others, turned by how far apart they are. */
    static Attention rotated(int heads, int headSize, double[] frequencies) {
        return new Attention(heads, heads, headSize, false, 0, List.of(frequencies), null);
    }
}
