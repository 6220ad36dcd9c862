package dev.spindrift.udf.huggingface;

import java.util.Arrays;
import java.util.List;

/** How one vector is made of a text's token vectors; in the order in which the older flags join several. */
enum Pooling {
    /** The first token's vector. */
    CLS("cls", "cls_token", "torch.select(said, 0, 0)"),
    /** The largest number of each dimension. */
    MAX("max", "max_tokens", "torch.amax(said, [0])"),
    MEAN("mean", "mean_tokens", "torch.mean(said, [0])"),
    /** The sum over the square root of the number of tokens. */
    MEAN_SQRT_LEN(
            "mean_sqrt_len_tokens",
            "mean_sqrt_len_tokens",
            "torch.div(torch.sum(said, [0]), torch.sqrt(float(torch.size(said, 0))))"),
    /** The mean with weights 1, 2, 3... by position. */
    WEIGHTED_MEAN(
            "weightedmean",
            "weightedmean_tokens",
            "torch.div(torch.sum(torch.mul(said, weights), [0]), torch.sum(weights))"),
    LAST_TOKEN("lasttoken", "lasttoken", "torch.select(said, 0, -1)");

    private static final List<String> NAMES =
            Arrays.stream(values()).map(pooling -> pooling.mode).toList();

    private final String mode;
    private final String flag;
    private final String text;

    Pooling(String mode, String flag, String text) {
        this.mode = mode;
        this.flag = "pooling_mode_" + flag;
        this.text = text;
    }

    /**
     * The TorchScript expression that makes it of {@code said}, the vectors of the tokens that take part, and their
     * {@code weights} by position.
     */
    String text() {
        return text;
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
            if (modes.isEmpty()) {
                throw config.refused("\"pooling_mode\" is empty", "Use a model with one or more of " + NAMES);
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
