package dev.spindrift.udf.reference;

/** Scaled dot-product attention of several heads. */
final class Attention {
    private final int heads;
    private final int keyHeads;
    private final int headDim;
    private final Bias bias;

    /** What is added to a score before the softmax; minus infinity where a query must not see a key. */
    interface Bias {
        /** All see all. */
        Bias NONE = (head, query, key) -> 0;
        /** None sees what comes after it. */
        Bias CAUSAL = (head, query, key) -> key <= query ? 0 : Double.NEGATIVE_INFINITY;

        double of(int head, int query, int key);

        /** None sees farther than {@code distance} to either side. */
        static Bias within(int distance) {
            return (head, query, key) -> Math.abs(query - key) <= distance ? 0 : Double.NEGATIVE_INFINITY;
        }
    }

    /** {@code heads} of queries, of which each {@code heads / keyHeads} in turn share one of the keys and values. */
    Attention(int heads, int keyHeads, int headDim, Bias bias) {
        this.heads = heads;
        this.keyHeads = keyHeads;
        this.headDim = headDim;
        this.bias = bias;
    }

    /**
     * What each token gathers, head by head.
     *
     * @param queries [tokens, heads * headDim]
     * @param keys [tokens, keyHeads * headDim]
     * @param values as the keys
     * @return [tokens, heads * headDim]
     */
    double[][] gather(double[][] queries, double[][] keys, double[][] values) {
        int tokens = queries.length;
        double[][] gathered = new double[tokens][heads * headDim];
        for (int head = 0; head < heads; head++) {
            int from = head * headDim;
            int keyFrom = head / (heads / keyHeads) * headDim;
            for (int query = 0; query < tokens; query++) {
                double[] scores = new double[tokens];
                for (int key = 0; key < tokens; key++) {
                    double product = 0;
                    for (int i = 0; i < headDim; i++) {
                        product += queries[query][from + i] * keys[key][keyFrom + i];
                    }
                    scores[key] = product / Math.sqrt(headDim) + bias.of(head, query, key);
                }
                double[] shares = Arithmetic.softmax(scores);
                for (int key = 0; key < tokens; key++) {
                    for (int i = 0; i < headDim; i++) {
                        gathered[query][from + i] += shares[key] * values[key][keyFrom + i];
                    }
                }
            }
        }
        return gathered;
    }
}
