package dev.spindrift.udf.huggingface;

/**
 * Where an encoder's norms stand, and what they do.
 *
 * @param first whether they stand before attention and MLP, instead of after the sum of their output and input
 * @param rootMeanSquare whether they only scale, instead of also centering
 * @param epsilon what is added to a variance
 */
record NormStyle(boolean first, boolean rootMeanSquare, double epsilon) {

    /** After each sum, centering. */
    static NormStyle last(double epsilon) {
        return new NormStyle(false, false, epsilon);
    }
}
