package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.token.ModelInput;
import java.util.concurrent.CompletableFuture;

/** Turns texts into vectors, some time later. Thread-safe. */
public interface Embedder {

    /** The model whose vectors these are. */
    ModelInfo model();

    /**
     * The vector of {@code input}'s text, of {@code model().dimension()} finite numbers.
     *
     * <p>Blocks the caller while the queue before the device is full (backpressure). The future completes on another
     * thread. It fails with {@link RejectedTextException} if this very text cannot be embedded, however often it is
     * tried; with any other exception if the device or the engine is lost.
     *
     * @param input what the model's own tokenizer made of the text
     */
    CompletableFuture<float[]> embed(ModelInput input);

    /**
     * Says that the caller is done with one of its answers and free for the next. Who says so once says so for each.
     * While texts are answered and not taken, idle time of the device is put down to what is behind the caller.
     */
    default void taken() {}
}
