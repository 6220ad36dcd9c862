package dev.spindrift.udf.embed;

import dev.spindrift.udf.token.ModelInput;

/** Texts as a model that reads them directly gets them. */
final class Inputs {
    private Inputs() {}

    static ModelInput of(String text, int tokens) {
        return new ModelInput(text, tokens, ModelInput.NO_IDS);
    }
}
