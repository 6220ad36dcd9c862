package dev.spindrift.bench.bert;

/**
 * The sizes of a BERT encoder.
 *
 * @param vocabulary tokens it knows
 * @param hidden numbers per token between layers
 * @param layers encoder layers
 * @param heads attention heads of a layer
 * @param intermediate numbers per token inside a layer's feed-forward part
 * @param positions longest input, in tokens
 * @param epsilon what layer normalization adds to the variance
 */
public record BertShape(
        int vocabulary, int hidden, int layers, int heads, int intermediate, int positions, double epsilon) {

    /** The shape of all-MiniLM-L6-v2: 22.7 million weights. */
    public static final BertShape MINILM = new BertShape(30522, 384, 6, 12, 1536, 512, 1e-12);

    /** The shape of BERT base, bge-base and arctic-embed-m: 109 million weights. */
    public static final BertShape BASE = new BertShape(30522, 768, 12, 12, 3072, 512, 1e-12);

    /** The shape of BERT large, bge-large and arctic-embed-l: 335 million weights. */
    public static final BertShape LARGE = new BertShape(30522, 1024, 24, 16, 4096, 512, 1e-12);

    /** Finds a shape by the name that a user gives. */
    public static BertShape named(String name) {
        return switch (name) {
            case "minilm" -> MINILM;
            case "base" -> BASE;
            case "large" -> LARGE;
            default ->
                throw new IllegalArgumentException(
                        "Cannot find the shape \"" + name + "\". Give --shape minilm, base or large.");
        };
    }

    /**
     * Floating point operations that a text of {@code length} tokens needs, a multiplication and an addition counted
     * as two: {@code length * layers * (8 H^2 + 4 H I + 4 length H)} with H hidden and I intermediate numbers. That is
     * the matrix products alone.
     */
    public double flops(int length) {
        double perToken = 8.0 * hidden * hidden + 4.0 * hidden * intermediate + 4.0 * length * hidden;
        return perToken * length * layers;
    }
}
