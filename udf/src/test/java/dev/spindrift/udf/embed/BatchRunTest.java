package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchRunTest {
    private final ScriptedModel model = new ScriptedModel();
    private final Replica replica = model.replica(new BatchSettings(2048, Duration.ZERO, 4096, 1));
    private final Counts counts = new Counts();
    private final AtomicLong clock = new AtomicLong();
    private final BatchRun run =
            new BatchRun(new ForwardPass(replica, counts, new PassWatch(1000, 10, 0), () -> clock.getAndAdd(7)));

    @Test
    void answersAGoodBatchInOnePass() {
        List<Request> batch = requests("a", "bb", "ccc");
        run.run(batch);

        assertThat(batch.get(1).answer()).isCompletedWithValueMatching(vector -> vector[0] == 2);
        assertThat(model.passes).containsExactly(List.of("a", "bb", "ccc"));
        assertThat(counts.passes.sum()).isEqualTo(1);
        assertThat(counts.texts.sum()).isEqualTo(3);
        assertThat(counts.tokens.sum()).isEqualTo(30);
        assertThat(counts.computedTokens.sum()).isEqualTo(30);
        assertThat(counts.offeredTokens.sum()).isEqualTo(2048);
        assertThat(counts.forwardNanos.sum()).isEqualTo(7);
    }

    @Test
    void isolatesOnePoisonWhereverItStandsInLogarithmicallyManyPasses() {
        for (int size = 1; size <= 40; size++) {
            for (int place = 0; place < size; place++) {
                model.passes.clear();
                List<Request> batch = good(size);
                batch.set(place, request("poison"));
                run.run(batch);

                for (int i = 0; i < size; i++) {
                    assertThat(batch.get(i).answer().isCompletedExceptionally()).isEqualTo(i == place);
                }
                int halvings = 32 - Integer.numberOfLeadingZeros(size - 1);
                assertThat(model.passes.size() - 1)
                        .as("extra passes for a poison at %d of %d", place, size)
                        .isLessThanOrEqualTo(halvings + 1);
            }
        }
    }

    @Test
    void rejectsNoTextForAFailureThatPasses() {
        for (int size = 2; size <= 33; size++) {
            for (int failing = 1; failing <= 8; failing++) {
                model.passes.clear();
                model.failingPass = failing;
                List<Request> batch = good(size);
                run.run(batch);
                assertThat(batch).allMatch(request -> request.answer().isDone());
                assertThat(counts.rejected.sum()).isZero();
            }
        }
    }

    @Test
    void leavesOutWhatItsCallerGaveUp() {
        List<Request> batch = requests("a", "b", "c");
        batch.get(1).answer().cancel(false);
        run.run(batch);
        assertThat(model.passes).containsExactly(List.of("a", "c"));
        run.run(batch);
        assertThat(model.passes).hasSize(1);
        assertThat(counts.texts.sum()).isEqualTo(2);
    }

    @Test
    void isolatesManyPoisons() {
        List<Request> batch = good(32);
        for (int place : new int[] {0, 1, 7, 16, 31}) {
            batch.set(place, request("poison"));
        }
        run.run(batch);

        assertThat(batch.stream().filter(request -> request.answer().isCompletedExceptionally()))
                .hasSize(5)
                .allMatch(request -> request.input().text().equals("poison"));
        assertThat(counts.rejected.sum()).isEqualTo(5);
        assertThat(counts.texts.sum()).isEqualTo(27);
    }

    @Test
    void rejectsWithTheReason() {
        List<Request> batch = requests("a", "unfit");
        run.run(batch);
        assertThatThrownBy(() -> batch.get(1).answer().join())
                .hasCauseInstanceOf(RejectedTextException.class)
                .hasMessageContaining("Cannot embed this text with model scripted: too long");
    }

    @Test
    void needsNoProbeForATextThatTheModelCallsUnfit() {
        run.run(requests("unfit"));
        assertThat(model.passes).containsExactly(List.of("unfit"));
    }

    @Test
    void rejectsVectorsThatAreNotFiniteOrNotOfTheDimension() {
        List<Request> batch = requests("a", "nan", "short", "b");
        run.run(batch);

        assertThat(batch.get(0).answer()).isCompleted();
        assertThat(batch.get(3).answer()).isCompleted();
        assertThatThrownBy(() -> batch.get(1).answer().join())
                .hasCauseInstanceOf(RejectedTextException.class)
                .hasMessageContaining("not finite");
        assertThatThrownBy(() -> batch.get(2).answer().join())
                .hasCauseInstanceOf(RejectedTextException.class)
                .hasMessageContaining("1 numbers, not 2");
        assertThat(model.passes).hasSize(1);
    }

    @Test
    void halvesTheBudgetWhenMemoryIsShortAndEmbedsAllTheSame() {
        model.memory = 4;
        List<Request> batch = good(8);
        run.run(batch);

        assertThat(batch).allMatch(request -> request.answer().isDone());
        assertThat(counts.texts.sum()).isEqualTo(8);
        assertThat(counts.rejected.sum()).isZero();
        assertThat(replica.budget.tokens()).isEqualTo(40);
        assertThat(counts.memorySplits.sum()).isEqualTo(1);
    }

    @Test
    void growsTheBudgetAgainWhenThereIsMemoryAgain() {
        model.memory = 4;
        run.run(good(8));
        model.memory = Integer.MAX_VALUE;
        assertThat(replica.budget.tokens()).isEqualTo(40);
        for (int i = 0; i < 64; i++) {
            run.run(good(4));
        }
        assertThat(replica.budget.tokens()).isEqualTo(40 + 2048 / 16);
        assertThat(counts.memorySplits.sum()).isEqualTo(1);
    }

    @Test
    void triesATextAgainWithTheDeviceToItselfWhenMemoryIsShortEvenForIt() {
        model.memory = 0;
        model.memoryAfterFailure = 1;
        List<Request> batch = requests("a");
        run.run(batch);
        assertThat(batch.get(0).answer()).isCompleted();
        assertThat(model.passes).containsExactly(List.of("a"), List.of("a"));
        assertThat(replica.budget.tokens()).isEqualTo(5);
    }

    @Test
    void findsPoisonWhileMemoryIsShort() {
        for (int place = 0; place < 16; place++) {
            model.memory = 5;
            List<Request> batch = good(16);
            batch.set(place, request("poison"));
            run.run(batch);
            for (int i = 0; i < 16; i++) {
                assertThat(batch.get(i).answer().isCompletedExceptionally()).isEqualTo(i == place);
            }
        }
    }

    @Test
    void blamesNoTextWhenTheEngineIsLost() {
        model.dead = true;
        List<Request> batch = good(4);
        assertThatThrownBy(() -> run.run(batch))
                .isInstanceOf(EngineLostException.class)
                .hasMessageContaining("device-side assert")
                .hasMessageContaining("Restart the process");
        assertThat(counts.rejected.sum()).isZero();
    }

    @Test
    void losesTheEngineAtOnceOnAFatalError() {
        assertThatThrownBy(() -> run.run(requests("a", "fatal"))).isInstanceOf(EngineLostException.class);
        assertThat(model.passes).hasSize(1);
    }

    private static List<Request> good(int size) {
        return new ArrayList<>(
                IntStream.range(0, size).mapToObj(i -> request("good " + i)).toList());
    }

    private static List<Request> requests(String... texts) {
        return List.of(texts).stream().map(BatchRunTest::request).toList();
    }

    private static Request request(String text) {
        Caller nobody = new Caller(new BatchQueue<Request>(1, 1).open());
        return new Request(Inputs.of(text, 10), new CompletableFuture<>(), nobody, 0);
    }
}
