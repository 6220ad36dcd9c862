package dev.spindrift.pipeline.chunk;

import static org.apache.flink.configuration.ConfigOptions.key;

import org.apache.flink.configuration.ConfigOption;

/** The options of the chunking stage, all under {@code chunk}. */
public final class ChunkOptions {
    public static final ConfigOption<Integer> TARGET_TOKENS = key("chunk.target-tokens")
            .intType()
            .defaultValue(240)
            .withDescription("Tokens that a chunk has at most, as the model counts them. Smaller chunks are found more"
                    + " precisely and say less; it cannot exceed what the model reads.");

    public static final ConfigOption<Integer> OVERLAP_TOKENS = key("chunk.overlap-tokens")
            .intType()
            .defaultValue(32)
            .withDescription("Tokens that a chunk repeats at most from the end of the one before it, so that a thought"
                    + " that the cut would part is whole in one of them. 0 for none.");

    private ChunkOptions() {}
}
