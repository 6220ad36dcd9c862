package dev.spindrift.udf.model;

/** The model that needs no download: hashed words and character n-grams, projected by a seeded matrix. */
final class BuiltinModel {
    static final String ID = "builtin";

    /** Raised by every change that alters a vector or a token. */
    private static final String VERSION = "1";

    static final Tokenizer TOKENIZER = new LexicalTokenizer();
    static final ModelInfo INFO = new ModelInfo(ID, Fingerprint.of(ID, VERSION), 256, 512);

    private BuiltinModel() {}
}
