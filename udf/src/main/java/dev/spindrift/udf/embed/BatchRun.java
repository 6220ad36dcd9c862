package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.torch.DeviceMemoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches through a model so that one bad text costs its neighbours nothing but time.
 *
 * <p>A batch that fails is halved: one half is tried; if it passes, the culprit is in the other, which is halved
 * without being tried whole. What was never shown to hold the culprit is put aside and run together at the end. So one
 * culprit among {@code n} texts costs at most {@code log2(n) + 2} more passes than none: one per halving, one in which
 * it stands alone, one for what was put aside.
 *
 * <p>Nothing is blamed on a text that an engine in ruins may have caused. If a text fails alone, and not because the
 * model called it unfit ({@link IllegalArgumentException}), a word is embedded to see that the engine works; if that
 * fails too, the engine is lost, and so are all the requests, without a verdict.
 */
final class BatchRun {
    private static final String PROBE = "probe";

    private final EmbeddingModel model;
    private final TokenBudget budget;
    private final LongSupplier nanoClock;

    final LongAdder batches = new LongAdder();
    final LongAdder texts = new LongAdder();
    final LongAdder tokens = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder busyNanos = new LongAdder();

    BatchRun(EmbeddingModel model, TokenBudget budget, LongSupplier nanoClock) {
        this.model = model;
        this.budget = budget;
        this.nanoClock = nanoClock;
    }

    /**
     * Answers every request of {@code batch}.
     *
     * @throws EngineLostException if the engine is lost; then some requests are not answered
     */
    void run(List<Request> batch) {
        Deque<List<Request>> untried = new ArrayDeque<>();
        untried.add(batch);
        while (!untried.isEmpty()) {
            List<Request> part = untried.remove();
            Throwable failure = attempt(part);
            if (failure != null) {
                List<Request> aside = isolate(part, failure);
                if (!aside.isEmpty()) {
                    untried.add(aside);
                }
            }
        }
    }

    /** Finds and rejects one culprit of {@code failed}; gives the requests that are still to be tried. */
    private List<Request> isolate(List<Request> failed, Throwable reason) {
        List<Request> aside = new ArrayList<>();
        List<Request> suspects = failed;
        @Nullable Throwable alone = failed.size() == 1 ? reason : null;
        while (suspects.size() > 1) {
            List<Request> half = suspects.subList(0, suspects.size() / 2);
            List<Request> rest = suspects.subList(suspects.size() / 2, suspects.size());
            Throwable failure = attempt(half);
            if (failure == null) {
                suspects = rest;
            } else {
                aside.addAll(rest);
                suspects = half;
                alone = half.size() == 1 ? failure : null;
            }
        }
        if (alone == null) {
            alone = attempt(suspects);
        }
        if (alone != null) {
            reject(suspects.get(0), alone);
        }
        return aside;
    }

    /** One forward pass; answers the requests if it succeeds, else gives what it failed with. */
    private @Nullable Throwable attempt(List<Request> batch) {
        long begin = nanoClock.getAsLong();
        float[][] vectors;
        try {
            vectors = model.embed(batch.stream().map(Request::input).toList());
        } catch (DeviceMemoryException | OutOfMemoryError e) {
            budget.halve();
            return e;
        } catch (RuntimeException | StackOverflowError e) {
            return e;
        } catch (Error e) {
            throw lost(e);
        } finally {
            busyNanos.add(nanoClock.getAsLong() - begin);
        }
        if (vectors.length != batch.size()) {
            throw lost(new IllegalStateException(vectors.length + " vectors came for " + batch.size() + " texts"));
        }
        batches.increment();
        for (int i = 0; i < vectors.length; i++) {
            answer(batch.get(i), vectors[i]);
        }
        return null;
    }

    private void answer(Request request, float[] vector) {
        int dimension = model.info().dimension();
        if (vector.length != dimension) {
            reject(request, "its vector has " + vector.length + " numbers, not " + dimension);
        } else if (!isFinite(vector)) {
            reject(request, "its vector is not finite");
        } else {
            texts.increment();
            tokens.add(request.input().tokens());
            request.answer().complete(vector);
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

    private void reject(Request culprit, Throwable reason) {
        if (!(reason instanceof IllegalArgumentException)) {
            probe();
        }
        reject(culprit, String.valueOf(reason.getMessage() == null ? reason : reason.getMessage()));
    }

    private void reject(Request request, String reason) {
        rejected.increment();
        request.answer()
                .completeExceptionally(new RejectedTextException(
                        "Cannot embed this text with model " + model.info().id() + ": " + reason));
    }

    private void probe() {
        try {
            model.embedDocument(PROBE);
        } catch (RuntimeException | Error e) {
            throw lost(e);
        }
    }

    private EngineLostException lost(Throwable cause) {
        return new EngineLostException(
                "Cannot embed with model " + model.info().id() + ": its engine fails whatever the text (" + cause
                        + "). Restart the process.",
                cause);
    }
}
