package dev.spindrift.udf.embed;

import java.util.concurrent.CompletableFuture;

/** A text and whom to tell its vector. */
record Request(String text, int tokens, CompletableFuture<float[]> answer) {

    /** What it takes of a budget. A text without tokens still takes room. */
    int cost() {
        return Math.max(1, tokens);
    }
}
