package dev.spindrift.udf.embed;

import dev.spindrift.udf.token.ModelInput;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A text and whom to tell its vector.
 *
 * @param since when it came, by the batcher's clock
 */
record Request(ModelInput input, CompletableFuture<float[]> answer, Caller caller, long since) {

    /** What it takes of a budget. A text without tokens still takes room. */
    int cost() {
        return input.cost();
    }

    static long cost(List<Request> batch) {
        return batch.stream().mapToLong(Request::cost).sum();
    }
}
