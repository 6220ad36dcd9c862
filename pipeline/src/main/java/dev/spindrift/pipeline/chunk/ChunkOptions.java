package dev.spindrift.pipeline.chunk;

import static org.apache.flink.configuration.ConfigOptions.key;

import dev.spindrift.udf.chunk.ChunkSettings;
import dev.spindrift.udf.model.ModelInfo;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/** The options of the chunking stage, all under {@code chunk}. */
public final class ChunkOptions {
    public static final ConfigOption<Integer> TARGET_TOKENS = key("chunk.target-tokens")
            .intType()
            .defaultValue(240)
            .withDescription(
                    "Tokens that a chunk aims at, as the model counts them; most have half to twice as many, and"
                            + " none more than the model reads. Smaller chunks are found more precisely and say less."
                            + " If it is not given, no more than the model reads.");

    public static final ConfigOption<Integer> OVERLAP_TOKENS = key("chunk.overlap-tokens")
            .intType()
            .defaultValue(32)
            .withDescription("Tokens that a chunk repeats at most from the end of the one before it, so that a thought"
                    + " that the cut would part is whole in one of them. 0 for none. If it is not given, no more than a"
                    + " quarter of chunk.target-tokens.");

    private ChunkOptions() {}

    /**
     * The checked options.
     *
     * @param model the model that is to read the chunks, or null if it is not known
     * @throws IllegalArgumentException with one line per mistake
     */
    public static ChunkSettings settings(ReadableConfig config, @Nullable ModelInfo model) {
        int reads = model == null ? Integer.MAX_VALUE : model.maxTokens();
        int target = config.getOptional(TARGET_TOKENS).orElse(Math.min(TARGET_TOKENS.defaultValue(), reads));
        int overlap = config.getOptional(OVERLAP_TOKENS).orElse(Math.min(OVERLAP_TOKENS.defaultValue(), target / 4));
        List<String> mistakes = new ArrayList<>();
        if (target < 1 || (model != null && target > model.maxTokens())) {
            mistakes.add("Cannot use chunk.target-tokens " + target + ": it must be 1 to "
                    + (model == null
                            ? "what the model reads"
                            : model.maxTokens() + ", which model " + model.id() + " reads")
                    + ".");
        }
        if (overlap < 0 || (overlap > 0 && overlap >= target)) {
            mistakes.add("Cannot use chunk.overlap-tokens " + overlap
                    + ": it must be 0 or more and below chunk.target-tokens, which is " + target + ".");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
        return new ChunkSettings(target, overlap);
    }
}
