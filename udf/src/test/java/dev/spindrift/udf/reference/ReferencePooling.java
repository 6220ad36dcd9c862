package dev.spindrift.udf.reference;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** sentence-transformers' pooling of one sequence. */
final class ReferencePooling {
    private final List<PoolingMode> modes;
    private final boolean includePrompt;

    private ReferencePooling(List<PoolingMode> modes, boolean includePrompt) {
        this.modes = modes;
        this.includePrompt = includePrompt;
    }

    static ReferencePooling read(Path directory) throws IOException {
        JsonObject config = Json.read(directory.resolve("config.json"));
        List<PoolingMode> modes = new ArrayList<>();
        if (config.has("pooling_mode")) {
            for (JsonElement name : config.getAsJsonArray("pooling_mode")) {
                Arrays.stream(PoolingMode.values())
                        .filter(mode -> mode.mode.equals(name.getAsString()))
                        .forEach(modes::add);
            }
        } else {
            Arrays.stream(PoolingMode.values())
                    .filter(mode -> isTrue(config, mode.flag, false))
                    .forEach(modes::add);
        }
        return new ReferencePooling(modes, isTrue(config, "include_prompt", true));
    }

    /**
     * The pooled vectors side by side.
     *
     * @param hidden [tokens, hidden]
     * @param promptTokens how many tokens at the beginning are the prompt and what stands before it
     */
    double[] pool(double[][] hidden, int promptTokens) {
        int from = includePrompt ? 0 : promptTokens;
        return modes.stream()
                .map(mode -> pool(hidden, from, mode))
                .flatMapToDouble(DoubleStream::of)
                .toArray();
    }

    /** Pools the tokens at {@code from} and after. Weights begin at {@code from + 1}. */
    static double[] pool(double[][] hidden, int from, PoolingMode mode) {
        double[] pooled = new double[hidden[0].length];
        for (int i = 0; i < pooled.length; i++) {
            double sum = 0;
            double weighted = 0;
            double weights = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int t = from; t < hidden.length; t++) {
                sum += hidden[t][i];
                weighted += (t + 1) * hidden[t][i];
                weights += t + 1;
                most = Math.max(most, hidden[t][i]);
            }
            int tokens = hidden.length - from;
            pooled[i] = switch (mode) {
                case CLS -> hidden[from][i];
                case MAX -> most;
                case MEAN -> sum / tokens;
                case MEAN_SQRT_LEN -> sum / Math.sqrt(tokens);
                case WEIGHTED_MEAN -> weighted / weights;
                case LAST_TOKEN -> hidden[hidden.length - 1][i];
            };
        }
        return pooled;
    }

    private static boolean isTrue(JsonObject config, String field, boolean otherwise) {
        JsonElement value = config.get(field);
        return value == null ? otherwise : value.getAsBoolean();
    }
}
