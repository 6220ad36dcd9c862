package dev.spindrift.udf.embed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
 * <p>A batch for which the device lacks memory is halved without a search.
 */
final class BatchRun {
    private final ForwardPass device;
    private final Deque<List<Request>> untried = new ArrayDeque<>();

    /** Those that failed alone, while the engine has not been seen to work since. */
    private final List<Accused> accused = new ArrayList<>();

    BatchRun(ForwardPass device) {
        this.device = device;
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
                } else if (ForwardPass.isMemory(failure)) {
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
                if (half.size() > 1 && ForwardPass.isMemory(failure)) {
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
            device.reject(culprit, last);
        } else {
            Throwable again = attempt(suspects);
            if (again != null) {
                device.reject(culprit, again);
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

    private @Nullable Throwable attempt(List<Request> part) {
        Throwable failure = device.attempt(part);
        if (failure == null) {
            pronounce();
        }
        return failure;
    }

    private void probe() {
        device.probe();
        pronounce();
    }

    /** Takes note that a text failed alone. */
    private void accuse(Request culprit, Throwable reason) {
        if (reason instanceof IllegalArgumentException) {
            device.reject(culprit, reason);
        } else {
            accused.add(new Accused(culprit, reason));
        }
    }

    /** The engine works: so it was the texts. */
    private void pronounce() {
        accused.forEach(each -> device.reject(each.request, each.reason));
        accused.clear();
    }

    private record Accused(Request request, Throwable reason) {}
}
