package dev.spindrift.pipeline.cli;

import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.token.ModelInput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Embeds a stream of texts in batches and hands out their vectors in the order of the texts. Not more than {@value
 * #MOST} of them are held at a time.
 *
 * @param <T> what a text is known by
 */
final class OrderedEmbedding<T> {
    private static final int MOST = 1024;

    /** What becomes of a vector. */
    interface Receiver<T> {
        void vector(T name, ModelInput input, float[] vector) throws IOException;
    }

    private record Pending<T>(T name, ModelInput input, CompletableFuture<float[]> vector) {}

    private final Embedder embedder;
    private final Receiver<T> receiver;
    private final Queue<Pending<T>> pending = new ArrayDeque<>();

    OrderedEmbedding(Embedder embedder, Receiver<T> receiver) {
        this.embedder = embedder;
        this.receiver = receiver;
    }

    /** Takes a text; waits if too many are under way. */
    void add(T name, ModelInput input) throws IOException {
        pending.add(new Pending<>(name, input, embedder.embed(input)));
        if (pending.size() > MOST) {
            handOut(pending.remove());
        }
    }

    /** Waits until all texts taken are handed out. */
    void finish() throws IOException {
        while (!pending.isEmpty()) {
            handOut(pending.remove());
        }
    }

    private void handOut(Pending<T> first) throws IOException {
        receiver.vector(first.name, first.input, await(first.name, first.vector));
    }

    /** The vector of the text called {@code name}, once it is there. */
    static float[] await(Object name, CompletableFuture<float[]> vector) {
        try {
            return vector.join();
        } catch (CompletionException | CancellationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandFailedException("Cannot embed " + name + ": " + cause.getMessage(), cause);
        }
    }
}
