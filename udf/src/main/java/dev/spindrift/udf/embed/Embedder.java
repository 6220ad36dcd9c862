package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.ModelInfo;
import java.util.concurrent.CompletableFuture;

/** Turns texts into vectors, some time later. Thread-safe. */
public interface Embedder {

    /** The model whose vectors these are. */
    ModelInfo model();

    /**
     * The vector of {@code text}, of {@code model().dimension()} finite numbers.
     *
     * <p>Blocks the caller while the queue before the device is full (backpressure). The future completes on another
     * thread. It fails with {@link RejectedTextException} if this very text cannot be embedded, however often it is
     * tried; with any other exception if the device or the engine is lost.
     *
     * @param tokens how many tokens the model reads in it, as its tokenizer counts them
     */
    CompletableFuture<float[]> embed(String text, int tokens);
}
