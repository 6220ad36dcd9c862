package dev.spindrift.udf.huggingface;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/** How one vector is made of a text's token vectors, in the order in which sentence-transformers joins several. */
enum Pooling {
    /** The first token's vector. */
    CLS("cls", "cls_token"),
    /** The largest number of each dimension. */
    MAX("max", "max_tokens"),
    MEAN("mean", "mean_tokens"),
    /** The sum over the square root of the number of tokens. */
    MEAN_SQRT_LEN("mean_sqrt_len_tokens", "mean_sqrt_len_tokens"),
    /** The mean with weights 1, 2, 3... by position. */
    WEIGHTED_MEAN("weightedmean", "weightedmean_tokens"),
    LAST_TOKEN("lasttoken", "lasttoken");

    private static final List<String> NAMES =
            Arrays.stream(values()).map(pooling -> pooling.mode).toList();

    private final String mode;
    private final String flag;

    Pooling(String mode, String flag) {
        this.mode = mode;
        this.flag = "pooling_mode_" + flag;
    }

    /**
     * What a pooling module's config.json asks for: {@code pooling_mode}, a name or several, else the older flags, else
     * the mean.
     */
    static List<Pooling> read(Settings config) {
        if (config.hasString("pooling_mode")) {
            return List.of(named(config.string("pooling_mode"), config));
        }
        if (config.has("pooling_mode")) {
            List<Pooling> modes = config.strings("pooling_mode").stream()
                    .map(name -> named(name, config))
                    .toList();
            if (modes.isEmpty() || !modes.equals(List.copyOf(EnumSet.copyOf(modes)))) {
                throw config.refused(
                        "\"pooling_mode\" is empty or not in the order " + NAMES, "Use a model with that order");
            }
            return modes;
        }
        List<Pooling> flagged = Arrays.stream(values())
                .filter(mode -> config.flag(mode.flag, false))
                .toList();
        return flagged.isEmpty() ? List.of(MEAN) : flagged;
    }

    private static Pooling named(String name, Settings config) {
        return Arrays.stream(values())
                .filter(pooling -> pooling.mode.equals(name))
                .findFirst()
                .orElseThrow(() -> config.refused(
                        "the pooling " + SafetensorsHeader.quoted(name) + " is unknown",
                        "Use a model with one of " + NAMES));
    }
}
