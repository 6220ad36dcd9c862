package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatcherTest {
    private static final BatchSettings EAGER = new BatchSettings(100, Duration.ZERO, 200, 2);

    private final ScriptedModel model = new ScriptedModel();
    private final List<CompletableFuture<float[]>> answers = new ArrayList<>();

    @Test
    void embedsTheTextsOfManyCallersOnce() throws Exception {
        try (OneCaller batcher = new OneCaller(model, new BatchSettings(50, Duration.ofMillis(1), 100, 3))) {
            List<FutureTask<Integer>> callers = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                callers.add(new FutureTask<>(() -> embedMany(batcher, 500)));
                new Thread(callers.get(caller)).start();
            }
            for (FutureTask<Integer> caller : callers) {
                assertThat(caller.get()).isEqualTo(500);
            }
            BatcherMetrics metrics = batcher.metrics();
            assertThat(metrics.texts()).isEqualTo(2000);
            assertThat(metrics.queuedTexts()).isZero();
            assertThat(metrics.queuedTokens()).isZero();
            assertThat(metrics.passes()).isBetween(200L, 2000L);
            assertThat(metrics.batchFill()).isBetween(0.1, 1.0);
            assertThat(metrics.usefulShare()).isEqualTo(1);
            assertThat(model.passes.stream().mapToInt(List::size).sum()).isEqualTo(2000);
        }
    }

    private static int embedMany(OneCaller batcher, int count) throws Exception {
        List<CompletableFuture<float[]>> own = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            own.add(batcher.embed(Inputs.of("x".repeat(i), 5)));
        }
        int right = 0;
        for (int i = 0; i < count; i++) {
            right += own.get(i).get()[0] == i ? 1 : 0;
        }
        return right;
    }

    @Test
    void gathersWhatComesWithinTheLingerOfAFrozenClock() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (OneCaller batcher = new OneCaller(model, new BatchSettings(30, Duration.ofMillis(1), 90, 1), clock::get)) {
            CompletableFuture<float[]> first = batcher.embed(Inputs.of("a", 10));
            CompletableFuture<float[]> second = batcher.embed(Inputs.of("b", 10));
            assertThat(model.passes).isEmpty();
            assertThat(batcher.metrics().queuedTokens()).isEqualTo(20);
            CompletableFuture<float[]> third = batcher.embed(Inputs.of("c", 10));
            CompletableFuture.allOf(first, second, third).get();
            assertThat(model.passes).containsExactly(List.of("a", "b", "c"));
        }
    }

    @Test
    void blocksTheCallerWhileTheQueueIsFull() throws Exception {
        model.permits.drainPermits();
        try (OneCaller batcher = new OneCaller(model, new BatchSettings(100, Duration.ZERO, 200, 1))) {
            answers.add(batcher.embed(Inputs.of("in the model", 100)));
            until(() -> batcher.metrics().queuedTexts() == 0);
            answers.add(batcher.embed(Inputs.of("queued", 100)));
            answers.add(batcher.embed(Inputs.of("queued", 100)));
            FutureTask<CompletableFuture<float[]>> caller =
                    new FutureTask<>(() -> batcher.embed(Inputs.of("blocked", 1)));
            Thread thread = new Thread(caller);
            thread.start();
            until(() -> thread.getState() == Thread.State.WAITING);
            assertThat(batcher.metrics().queuedTexts()).isEqualTo(2);

            model.permits.release(1000);
            assertThat(caller.get().get()).containsExactly(7, 1);
        }
    }

    @Test
    void letsABlockedCallerBeInterrupted() throws Exception {
        model.permits.drainPermits();
        OneCaller batcher = new OneCaller(model, new BatchSettings(100, Duration.ZERO, 100, 1));
        answers.add(batcher.embed(Inputs.of("in the model", 100)));
        until(() -> batcher.metrics().queuedTexts() == 0);
        answers.add(batcher.embed(Inputs.of("queued", 100)));
        FutureTask<Boolean> caller = new FutureTask<>(() -> {
            assertThatThrownBy(() -> batcher.embed(Inputs.of("blocked", 1))).isInstanceOf(CancellationException.class);
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = new Thread(caller);
        thread.start();
        until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        assertThat(caller.get()).isTrue();
        model.permits.release(1000);
        batcher.close();
    }

    @Test
    void rejectsATextLongerThanTheModelReadsWithoutTryingIt() {
        try (OneCaller batcher = new OneCaller(model, EAGER)) {
            assertThatThrownBy(() -> batcher.embed(Inputs.of("long", 513)).get())
                    .hasCauseInstanceOf(RejectedTextException.class)
                    .hasMessageContaining("513 tokens");
            assertThat(model.passes).isEmpty();
            assertThat(batcher.metrics().rejected()).isEqualTo(1);
        }
    }

    @Test
    void finishesTheBatchUnderWayAndFailsTheRestWhenClosed() throws Exception {
        model.permits.drainPermits();
        OneCaller batcher = new OneCaller(model, new BatchSettings(100, Duration.ZERO, 200, 1));
        CompletableFuture<float[]> running = batcher.embed(Inputs.of("running", 100));
        until(() -> batcher.metrics().queuedTexts() == 0);
        CompletableFuture<float[]> waiting = batcher.embed(Inputs.of("waiting", 100));
        CountDownLatch closed = new CountDownLatch(1);
        new Thread(() -> {
                    batcher.close();
                    closed.countDown();
                })
                .start();
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThat(running).isNotDone();

        model.permits.release(1000);
        closed.await();
        assertThat(running).isCompleted();
        batcher.close();
        assertThatThrownBy(() -> batcher.embed(Inputs.of("late", 1))).isInstanceOf(CancellationException.class);
    }

    @Test
    void failsEveryCallerOnceTheEngineIsLost() {
        try (OneCaller batcher = new OneCaller(model, new BatchSettings(100, Duration.ofMillis(20), 200, 1))) {
            model.dead = true;
            CompletableFuture<float[]> first = batcher.embed(Inputs.of("a", 1));
            CompletableFuture<float[]> second = batcher.embed(Inputs.of("b", 1));
            assertThatThrownBy(first::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(EngineLostException.class);
            assertThatThrownBy(second::get).hasCauseInstanceOf(EngineLostException.class);
            assertThatThrownBy(() -> batcher.embed(Inputs.of("c", 1))).isInstanceOf(EngineLostException.class);
        }
    }

    @Test
    void runsWorkersOutsideTheClassLoaderOfTheCaller() throws Exception {
        ClassLoader ours = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new ClassLoader() {});
        try (OneCaller batcher = new OneCaller(model, EAGER)) {
            batcher.embed(Inputs.of("a", 1)).get();
            assertThat(model.loaders).containsExactly(Batcher.class.getClassLoader());
        } finally {
            Thread.currentThread().setContextClassLoader(ours);
        }
    }

    @Test
    void letsAQuietCallerIntoTheNextBatchPastABusyOnesFullQueue() throws Exception {
        model.permits.drainPermits();
        AtomicLong clock = new AtomicLong();
        try (OneCaller batcher =
                new OneCaller(model, new BatchSettings(1000, Duration.ofSeconds(1), 10_000, 1), clock::get)) {
            for (int i = 0; i < 110; i++) {
                answers.add(batcher.embed(Inputs.of("backfill " + i, 100)));
                if (i == 9) {
                    until(() -> batcher.metrics().queuedTexts() == 0);
                }
            }
            assertThat(batcher.metrics().queuedTokens()).isEqualTo(10_000);
            Caller stream = batcher.batcher.enter();
            clock.set(5);
            CompletableFuture<float[]> quiet = batcher.batcher.embed(stream, Inputs.of("stream", 100));

            model.permits.release(2);
            quiet.get();
            assertThat(model.passes.get(1)).hasSize(10).contains("stream", "backfill 10", "backfill 18");
            clock.set(2_000_000_000L);
            model.permits.release(1000);
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get();
        }
    }

    @Test
    void dropsTheTextsOfACallerThatLeavesAndNoOthers() throws Exception {
        model.permits.drainPermits();
        try (OneCaller batcher = new OneCaller(model, new BatchSettings(100, Duration.ZERO, 200, 1))) {
            CompletableFuture<float[]> running = batcher.embed(Inputs.of("running", 100));
            until(() -> batcher.metrics().queuedTexts() == 0);
            Caller other = batcher.batcher.enter();
            CompletableFuture<float[]> others = batcher.batcher.embed(other, Inputs.of("others", 100));
            CompletableFuture<float[]> waiting = batcher.embed(Inputs.of("waiting", 100));
            FutureTask<CompletableFuture<float[]>> blocked =
                    new FutureTask<>(() -> batcher.embed(Inputs.of("blocked", 100)));
            Thread thread = new Thread(blocked);
            thread.start();
            until(() -> thread.getState() == Thread.State.WAITING);

            batcher.batcher.leave(batcher.caller);
            assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);
            assertThatThrownBy(blocked::get).hasCauseInstanceOf(CancellationException.class);
            assertThat(running).isNotDone();
            assertThat(batcher.metrics().queuedTexts()).isEqualTo(1);
            model.permits.release(1000);
            assertThat(running.get()).containsExactly(7, 1);
            assertThat(others.get()).containsExactly(6, 1);
        }
    }

    @Test
    void countsIdleTimeByReason() throws Exception {
        model.permits.drainPermits();
        AtomicLong clock = new AtomicLong();
        BatchSettings settings = new BatchSettings(100, Duration.ofSeconds(50), 200, 1);
        try (OneCaller batcher = new OneCaller(model, settings, clock::get)) {
            clock.set(7);
            CompletableFuture<float[]> first = batcher.embed(Inputs.of("a", 50));
            clock.set(10);
            CompletableFuture<float[]> second = batcher.embed(Inputs.of("b", 50));
            until(() -> batcher.metrics().queuedTexts() == 0);
            clock.set(1000);
            model.permits.release(2);
            CompletableFuture.allOf(first, second).get();
            until(() -> model.passes.size() == 1 && batcher.metrics().forwardNanos() == 990);
            until(() -> Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("spindrift-embed-scripted-cpu-0"))
                    .allMatch(thread -> thread.getState() == Thread.State.WAITING
                            || thread.getState() == Thread.State.TIMED_WAITING));
            batcher.batcher.taken(batcher.caller);
            clock.set(1100);
            batcher.batcher.taken(batcher.caller);
            clock.set(1500);

            BatcherMetrics metrics = batcher.metrics();
            assertThat(metrics.noInputNanos()).isEqualTo(7 + 400);
            assertThat(metrics.gatheringNanos()).isEqualTo(3);
            assertThat(metrics.backpressureNanos()).isEqualTo(100);
            assertThat(metrics.longWaitNanos()).isEqualTo(3);
            assertThat(metrics.medianWaitNanos()).isZero();
        }
    }

    @Test
    void givesUpAPassThatDoesNotComeBack() throws Exception {
        model.permits.drainPermits();
        OneCaller batcher = new OneCaller(
                model, new BatchSettings(100, Duration.ZERO, 200, 2), Duration.ofMillis(120), System::nanoTime);
        CompletableFuture<float[]> running = batcher.embed(Inputs.of("running", 100));
        CompletableFuture<float[]> other = batcher.embed(Inputs.of("other", 100));
        CompletableFuture<float[]> waiting = batcher.embed(Inputs.of("waiting", 100));
        assertThatThrownBy(running::get)
                .hasCauseInstanceOf(EngineLostException.class)
                .hasMessageContaining("cpu has not come back from a forward pass over 1 texts")
                .hasMessageContaining("Restart the process");
        assertThatThrownBy(other::get).hasCauseInstanceOf(EngineLostException.class);
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(EngineLostException.class);
        assertThatThrownBy(() -> batcher.embed(Inputs.of("late", 1))).isInstanceOf(EngineLostException.class);
        batcher.close();
        assertThat(batcher.batcher.isStuck()).isTrue();

        model.permits.release(1000);
        until(() -> !batcher.batcher.isStuck());
        assertThat(batcher.metrics().texts()).isZero();
    }

    @Test
    void takesTheNextBatchBeforeTheDeviceIsFree() throws Exception {
        model.permits.drainPermits();
        try (OneCaller batcher = new OneCaller(model, new BatchSettings(100, Duration.ZERO, 400, 2))) {
            answers.add(batcher.embed(Inputs.of("running", 100)));
            answers.add(batcher.embed(Inputs.of("ready", 100)));
            until(() -> batcher.metrics().queuedTexts() == 0);
            assertThat(model.passes).isEmpty();
            model.permits.release(1000);
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get();
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
