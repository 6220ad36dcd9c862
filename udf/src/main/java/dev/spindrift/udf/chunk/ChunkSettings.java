package dev.spindrift.udf.chunk;

/**
 * How large chunks should be.
 *
 * @param targetTokens the size that chunks aim at, in tokens of the model
 * @param overlapTokens most tokens of a chunk that are repeated at the start of the next one; 0 for none
 */
public record ChunkSettings(int targetTokens, int overlapTokens) {

    /** What chunks are cut by when nothing else is said. */
    public static final ChunkSettings DEFAULTS = new ChunkSettings(240, 32);

    public ChunkSettings {
        if (targetTokens < 1) {
            throw new IllegalArgumentException("Cannot cut chunks: chunk.target-tokens is " + targetTokens
                    + ". Set chunk.target-tokens to 1 or more.");
        }
        if (overlapTokens < 0 || overlapTokens >= targetTokens) {
            throw new IllegalArgumentException("Cannot cut chunks: chunk.overlap-tokens is " + overlapTokens
                    + " and chunk.target-tokens " + targetTokens
                    + ". Set chunk.overlap-tokens to 0 or more and below chunk.target-tokens.");
        }
    }
}
