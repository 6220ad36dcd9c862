package dev.spindrift.udf.model;

/** Finds models by the name a user gives. */
public final class Models {
    private Models() {}

    /** The identity of {@code model}, without starting its engine. */
    public static ModelInfo info(String model) {
        check(model);
        return BuiltinModel.INFO;
    }

    /** The tokenizer of {@code model}, without starting its engine. */
    public static Tokenizer tokenizer(String model) {
        check(model);
        return BuiltinModel.TOKENIZER;
    }

    /** Loads {@code model}, starting the engine if need be. The caller closes it. */
    public static EmbeddingModel open(String model) {
        check(model);
        return BuiltinModel.open(CacheFolder.resolve());
    }

    private static void check(String model) {
        if (!model.equals(BuiltinModel.ID)) {
            throw new IllegalArgumentException("Cannot find model \"" + model + "\": this version knows only \""
                    + BuiltinModel.ID + "\". Give embed.model: " + BuiltinModel.ID + ".");
        }
    }
}
