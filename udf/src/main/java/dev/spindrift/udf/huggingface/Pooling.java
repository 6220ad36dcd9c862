package dev.spindrift.udf.huggingface;

/** Ways to make one vector of the vectors of a text's tokens, in the order in which several are put together. */
enum Pooling {
    /** The first token's. */
    CLS,
    /** Of each number the greatest. */
    MAX,
    /** The mean. */
    MEAN,
    /** The sum, over the root of how many there are. */
    MEAN_SQRT_LEN,
    /** The mean with weights 1, 2, 3 ... */
    WEIGHTED_MEAN,
    /** The last token's. */
    LAST_TOKEN
}
