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
        boolean local) {

    /**
     * This layer with an MLP as wide as a multiple of {@code step}, of which the additional numbers are multiplied by
     * zero.
     */
    EncoderLayer widened(int step) {
        long width = mlpOut.weight().shape()[1];
        long more = (step - width % step) % step;
        if (more == 0) {
            return this;
        }
        return new EncoderLayer(
                attentionNorm,
                queryKeyValue,
                queryNorm,
                keyNorm,
                attentionOut,
                mlpNorm,
                new Affine(
                        withZeros(mlpIn.weight(), width, more),
                        mlpIn.bias() == null ? null : withZeros(mlpIn.bias(), width, more)),
                new Affine(mlpOut.weight().widened(more), mlpOut.bias()),
                local);
    }

    /** Appends {@code more} rows of zeros to each {@code width} rows. */
    private static Numbers withZeros(Numbers numbers, long width, long more) {
        long[] shape = numbers.shape();
        int parts = (int) (shape[0] / width);
        long[] added = shape.clone();
        added[0] = more;
        Numbers zeros = Numbers.of(new float[(int) (numbers.numbers() / shape[0] * more)], added);
        Numbers[] stacked = new Numbers[2 * parts];
        for (int i = 0; i < parts; i++) {
            stacked[2 * i] = numbers.rows(i * width, width);
            stacked[2 * i + 1] = zeros;
        }
        return Numbers.stacked(stacked);
    }
}
