package dev.spindrift.udf.model;

import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.CacheFolder;

/** Finds models by the name a user gives. */
public final class Models {
    private Models() {}

    /** The identity of a model, without starting its engine. */
    public static ModelInfo info(ModelSettings settings) {
        check(settings);
        return BuiltinModel.INFO;
    }

    /** The tokenizer of a model, without starting its engine. */
    public static Tokenizer tokenizer(ModelSettings settings) {
        check(settings);
        return BuiltinModel.TOKENIZER;
    }

    /**
     * Loads a model to a device, starting the engine if need be. The caller closes it.
     *
     * @param device {@code cpu}, or {@code cuda:0}, {@code cuda:1} ...
     */
    public static EmbeddingModel open(ModelSettings settings, String device) {
        check(settings);
        return BuiltinModel.open(CacheFolder.resolve(), device);
    }

    private static void check(ModelSettings settings) {
        if (!settings.model().equals(BuiltinModel.ID)) {
            throw new IllegalArgumentException(
                    "Cannot find model \"" + settings.model() + "\": this version knows only \"" + BuiltinModel.ID
                            + "\". Give embed.model: " + BuiltinModel.ID + ".");
        }
        if (settings.precision() != Precision.FP32 || settings.dimension() != 0) {
            throw new IllegalArgumentException(
                    "Cannot run the built-in model but in fp32 and with whole vectors. Leave out embed.precision and"
                            + " embed.dimension.");
        }
    }
}
