package dev.spindrift.udf.embed;

import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.DeviceMemoryException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forward passes on one device, with what they teach and count.
 *
 * <p>The device's token budget learns from each. A text for which memory is short even alone is tried again while
 * nothing else runs on the device.
 */
final class ForwardPass {
    private static final String PROBE = "probe";

    private final Replica replica;
    private final Counts counts;
    private final PassWatch watch;
    private final LongSupplier nanoClock;

    ForwardPass(Replica replica, Counts counts, PassWatch watch, LongSupplier nanoClock) {
        this.replica = replica;
        this.counts = counts;
        this.watch = watch;
        this.nanoClock = nanoClock;
    }

    /**
     * One pass; answers the requests if it succeeds, else gives what it failed with.
     *
     * @throws EngineLostException if it failed so that the engine cannot work any more
     */
    @Nullable
    Throwable attempt(List<Request> batch) {
        List<ModelInput> inputs = batch.stream().map(Request::input).toList();
        long cost = Request.cost(batch);
        int offered = replica.budget.tokens();
        float[][] vectors;
        try {
            vectors = pass(inputs, false);
        } catch (DeviceMemoryException | OutOfMemoryError e) {
            counts.memorySplits.increment();
            replica.budget.failed(cost);
            if (batch.size() > 1) {
                return e;
            }
            try {
                vectors = pass(inputs, true);
            } catch (RuntimeException | OutOfMemoryError again) {
                return again;
            }
        } catch (RuntimeException | StackOverflowError e) {
            return e;
        } catch (Error e) {
            throw lost(e);
        }
        if (vectors.length != batch.size()) {
            throw lost(new IllegalStateException(vectors.length + " vectors came for " + batch.size() + " texts"));
        }
        replica.budget.passed(cost);
        counts.passes.increment();
        counts.computedTokens.add(cost);
        counts.offeredTokens.add(Math.max(cost, offered));
        for (int i = 0; i < vectors.length; i++) {
            answer(batch.get(i), vectors[i]);
        }
        return null;
    }

    /** Waits for the device, and is watched meanwhile: whoever holds it may never give it back. */
    private float[][] pass(List<ModelInput> inputs, boolean alone) {
        PassWatch.Pass pass = watch.begin(replica.device, inputs.size(), nanoClock.getAsLong());
        try {
            replica.slots.take(alone);
            try {
                return timed(inputs);
            } finally {
                replica.slots.give(alone);
            }
        } finally {
            watch.end(pass);
        }
    }

    private float[][] timed(List<ModelInput> inputs) {
        long begin = nanoClock.getAsLong();
        try {
            return replica.model.embed(inputs);
        } finally {
            counts.forwardNanos.add(nanoClock.getAsLong() - begin);
        }
    }

    /** Whether a pass failed because the device lacked memory for it. */
    static boolean isMemory(Throwable failure) {
        return failure instanceof DeviceMemoryException || failure instanceof OutOfMemoryError;
    }

    private void answer(Request request, float[] vector) {
        int dimension = replica.model.info().dimension();
        if (vector.length != dimension) {
            reject(request, "its vector has " + vector.length + " numbers, not " + dimension);
        } else if (!isFinite(vector)) {
            reject(request, "its vector is not finite");
        } else {
            // Counted first: who reads the answer finds it counted.
            counts.answered(request, 1);
            if (!request.answer().complete(vector)) {
                counts.answered(request, -1);
            }
        }
    }

    private static boolean isFinite(float[] vector) {
        for (float number : vector) {
            if (!Float.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Embeds a word.
     *
     * @throws EngineLostException if that fails too
     */
    void probe() {
        try {
            Tokenizer tokenizer = replica.model.tokenizer();
            String probe = tokenizer.cut(PROBE, replica.model.info().maxTokens());
            pass(List.of(tokenizer.document(probe)), false);
        } catch (RuntimeException | Error e) {
            throw lost(e);
        }
    }

    /** Answers {@code culprit} with the reason why it cannot be embedded. */
    void reject(Request culprit, Throwable reason) {
        reject(culprit, String.valueOf(reason.getMessage() == null ? reason : reason.getMessage()));
    }

    private void reject(Request request, String reason) {
        counts.rejected.increment();
        if (!request.answer()
                .completeExceptionally(new RejectedTextException("Cannot embed this text with model "
                        + replica.model.info().id() + ": " + reason))) {
            counts.rejected.decrement();
        }
    }

    private EngineLostException lost(Throwable cause) {
        return new EngineLostException(
                "Cannot embed with model " + replica.model.info().id() + " on " + replica.device
                        + ": its engine fails whatever the text (" + cause + "). Restart the process.",
                cause);
    }
}
