package dev.spindrift.udf.embed;

import dev.spindrift.udf.token.ModelInput;
import java.util.concurrent.CompletableFuture;

/** A text and whom to tell its vector. */
record Request(ModelInput input, CompletableFuture<float[]> answer) {

    /** What it takes of a budget. A text without tokens still takes room. */
    int cost() {
        return input.cost();
    }
}
