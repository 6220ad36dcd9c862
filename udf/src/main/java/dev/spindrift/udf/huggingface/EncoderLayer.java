package dev.spindrift.udf.huggingface;

import org.jspecify.annotations.Nullable;

/**
 * One layer of an encoder.
 *
 * @param attentionNorm around the attention; null for none
 * @param queryKeyValue {@code [(heads + 2 * keyValueHeads) * headSize, hidden]}: queries, then keys, then values
 * @param queryNorm of each head's query, {@code [headSize]}; null for none
 * @param keyNorm of each head's key; null for none
 * @param attentionOut {@code [hidden, heads * headSize]}
 * @param mlpNorm around the MLP
 * @param mlpIn {@code [intermediate, hidden]}; of a gated MLP {@code [2 * intermediate, hidden]}: what is activated, then
 *     what it is multiplied by
 * @param mlpOut {@code [hidden, intermediate]}
 * @param local whether it looks only as far as the encoder's window, with the second of its rotations
 */
record EncoderLayer(
        @Nullable Norm attentionNorm,
        Affine queryKeyValue,
        @Nullable Norm queryNorm,
        @Nullable Norm keyNorm,
        Affine attentionOut,
        Norm mlpNorm,
        Affine mlpIn,
        Affine mlpOut,
        boolean local) {}
