package dev.spindrift.udf.huggingface;

import java.util.ArrayList;
import java.util.List;

/** Reads encoders of the families that are known, by the {@code model_type} of {@code config.json}. */
final class Architectures {
    private static final String KNOWN =
            "bert, camembert, distilbert, gte, modernbert, mpnet, new (GTE), nomic_bert, qwen3, roberta and xlm-roberta";

    private Architectures() {}

    /**
     * The encoder that {@code config} describes.
     *
     * @throws IllegalArgumentException if its family is not known, or has a feature that is not, naming the field
     */
    static Encoder read(Settings config, Weights weights) {
        String type = config.string("model_type", "");
        return switch (type) {
            case "bert" -> Bert.read(config, weights, 0);
            // Positions begin behind the padding token's.
            case "roberta", "xlm-roberta", "camembert" ->
                Bert.read(config, weights, config.integer("pad_token_id", 1) + 1);
            case "distilbert" -> Bert.distilBert(config, weights);
            case "mpnet" -> MpNet.read(config, weights);
            case "nomic_bert" -> NomicBert.read(config, weights);
            case "new", "gte" -> Gte.read(config, weights);
            case "modernbert" -> ModernBert.read(config, weights);
            case "qwen3" -> Qwen3.read(config, weights);
            default -> throw unknown(config, type);
        };
    }

    private static IllegalArgumentException unknown(Settings config, String type) {
        String own = config.has("auto_map")
                ? " It brings Python code of its own (auto_map), made to be run with trust_remote_code, which is not"
                        + " done here."
                : "";
        return new IllegalArgumentException("Cannot run this model: " + config.file() + " has model_type \"" + type
                + "\", and known are " + KNOWN + "." + own + " Choose a model of one of these, or export it to a"
                + " TorchScript file (model.pt) and put that beside its tokenizer.json.");
    }

    /** Refuses a switch that would make another computation of it. */
    static void expect(Settings config, String name, boolean expected) {
        if (config.flag(name, expected) != expected) {
            throw differs(config, name, Boolean.toString(!expected), Boolean.toString(expected));
        }
    }

    /** Refuses a choice that would make another computation of it. */
    static void expect(Settings config, String name, String expected) {
        String value = config.string(name, expected);
        if (!value.equals(expected)) {
            throw differs(config, name, "\"" + value + "\"", "\"" + expected + "\"");
        }
    }

    /** Refuses a field that is there. */
    static void expectNone(Settings config, String name) {
        if (config.has(name)) {
            throw differs(config, name, "set", "null");
        }
    }

    private static IllegalArgumentException differs(Settings config, String name, String value, String known) {
        return new IllegalArgumentException("Cannot run this model: " + config.file() + " has " + name + " " + value
                + ", and of model_type \"" + config.string("model_type", "") + "\" only " + known + " is known.");
    }

    /** {@code whole / parts}, which must be a whole number. */
    static int divided(Settings config, int whole, int parts, String what) {
        if (parts < 1 || whole % parts != 0) {
            throw new IllegalArgumentException("Cannot run this model: " + config.file() + " has " + whole + " " + what
                    + " for " + parts + " heads, which cannot be shared out evenly.");
        }
        return whole / parts;
    }

    /** The frequencies of rotary embeddings (RoFormer): {@code theta^(-2i / size)} for the i-th pair of numbers. */
    static double[] frequencies(double theta, int size) {
        double[] frequencies = new double[size / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(theta, -2.0 * i / size);
        }
        return frequencies;
    }

    /** A list with one entry per layer. */
    static <T> List<T> each(int count, java.util.function.IntFunction<T> layer) {
        List<T> layers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            layers.add(layer.apply(i));
        }
        return layers;
    }
}
