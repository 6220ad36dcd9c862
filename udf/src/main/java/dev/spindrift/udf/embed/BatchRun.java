package dev.spindrift.udf.embed;

import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.torch.DeviceMemoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One worker's way of running batches through a model so that a bad text costs its neighbours nothing but time.
 *
 * <p>A batch that fails is halved: one half is tried; if it passes, the culprit is in the other, which is halved
 * without being tried whole. What was never shown to hold the culprit is put aside and run together at the end. A text
 * is rejected only when two passes that it was in failed, and all others of the smaller of them passed without it; a
 * text that came alone, when it failed and a word passed after it. So one culprit among {@code n} texts costs at most
 * {@code ceil(log2(n)) + 1} passes more than none.
 *
 * <p>Nothing is blamed on a text that an engine in ruins may have caused. The engine must have been seen to work
 * between or after the failures. If nothing passes any more, a word is embedded; if that fails too, the engine is lost,
 * and so are all the requests, without a verdict. A text that the model itself calls unfit ({@link
 * IllegalArgumentException}) needs no such proof.
 *
 * <p>A batch for which the device lacks memory is halved without a search, and its token budget learns. A text for
 * which it lacks memory even alone is tried again while nothing else runs on the device.
 */
final class BatchRun {
    private static final String PROBE = "probe";

    private final Replica replica;
    private final Counts counts;
    private final PassWatch watch;
    private final LongSupplier nanoClock;

    private final Deque<List<Request>> untried = new ArrayDeque<>();

    /** Those that failed alone, while the engine has not been seen to work since. */
    private final List<Accused> accused = new ArrayList<>();

    BatchRun(Replica replica, Counts counts, PassWatch watch, LongSupplier nanoClock) {
        this.replica = replica;
        this.counts = counts;
        this.watch = watch;
        this.nanoClock = nanoClock;
    }

    /**
     * Answers every request of {@code batch} that its caller has not given up.
     *
     * @throws EngineLostException if the engine is lost; then some requests are not answered, and this worker must end
     */
    void run(List<Request> batch) {
        later(batch.stream().filter(request -> !request.answer().isDone()).toList());
        while (!untried.isEmpty()) {
            List<Request> part = untried.removeFirst();
            Throwable failure = attempt(part);
            if (failure != null) {
                if (!accused.isEmpty()) {
                    probe();
                }
                if (part.size() == 1) {
                    accuse(part.get(0), failure);
                } else if (isMemory(failure)) {
                    halve(part);
                } else {
                    isolate(part, failure);
                }
            }
        }
        if (!accused.isEmpty()) {
            probe();
        }
    }

    /** Finds one culprit of {@code failed}, which has at least two; what is still to be tried afterwards is put off. */
    private void isolate(List<Request> failed, Throwable reason) {
        List<Request> aside = new ArrayList<>();
        List<Request> suspects = failed;
        Throwable last = reason;
        boolean passed = false;
        while (suspects.size() > 1) {
            List<Request> half = suspects.subList(0, suspects.size() / 2);
            List<Request> rest = suspects.subList(suspects.size() / 2, suspects.size());
            Throwable failure = attempt(half);
            passed = failure == null;
            if (failure == null) {
                suspects = rest;
            } else {
                aside.addAll(rest);
                suspects = half;
                last = failure;
                if (half.size() > 1 && isMemory(failure)) {
                    later(aside);
                    halve(half);
                    return;
                }
            }
        }
        Request culprit = suspects.get(0);
        if (!passed) {
            accuse(culprit, last);
        } else if (!aside.isEmpty()) {
            reject(culprit, last);
        } else {
            Throwable again = attempt(suspects);
            if (again != null) {
                reject(culprit, again);
            }
        }
        later(aside);
    }

    private void halve(List<Request> part) {
        later(part.subList(part.size() / 2, part.size()));
        later(part.subList(0, part.size() / 2));
    }

    /** Puts {@code part} before all else that is to be tried. */
    private void later(List<Request> part) {
        if (!part.isEmpty()) {
            untried.addFirst(part);
        }
    }

    /** One forward pass; answers the requests if it succeeds, else gives what it failed with. */
    private @Nullable Throwable attempt(List<Request> batch) {
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
        pronounce();
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

    private static boolean isMemory(Throwable failure) {
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

    /** Takes note that a text failed alone. */
    private void accuse(Request culprit, Throwable reason) {
        if (reason instanceof IllegalArgumentException) {
            reject(culprit, reason);
        } else {
            accused.add(new Accused(culprit, reason));
        }
    }

    /** The engine works: so it was the texts. */
    private void pronounce() {
        accused.forEach(each -> reject(each.request, each.reason));
        accused.clear();
    }

    private void reject(Request culprit, Throwable reason) {
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

    private void probe() {
        try {
            pass(List.of(replica.model.tokenizer().document(PROBE)), false);
        } catch (RuntimeException | Error e) {
            throw lost(e);
        }
        pronounce();
    }

    private EngineLostException lost(Throwable cause) {
        return new EngineLostException(
                "Cannot embed with model " + replica.model.info().id() + " on " + replica.device
                        + ": its engine fails whatever the text (" + cause + "). Restart the process.",
                cause);
    }

    private record Accused(Request request, Throwable reason) {}
}
