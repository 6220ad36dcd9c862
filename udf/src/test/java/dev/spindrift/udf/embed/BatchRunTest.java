package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchRunTest {
    private final ScriptedModel model = new ScriptedModel();
    private final TokenBudget budget = new TokenBudget(2048);
    private final AtomicLong clock = new AtomicLong();
    private final BatchRun run = new BatchRun(model, budget, () -> clock.getAndAdd(7));

    @Test
    void answersAGoodBatchInOnePass() {
        List<Request> batch = requests("a", "bb", "ccc");
        run.run(batch);

        assertThat(batch.get(1).answer()).isCompletedWithValueMatching(vector -> vector[0] == 2);
        assertThat(model.passes).containsExactly(List.of("a", "bb", "ccc"));
        assertThat(run.batches.sum()).isEqualTo(1);
        assertThat(run.texts.sum()).isEqualTo(3);
        assertThat(run.tokens.sum()).isEqualTo(30);
        assertThat(run.busyNanos.sum()).isEqualTo(7);
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
                assertThat(model.passes).contains(List.of("poison"));
                int halvings = 32 - Integer.numberOfLeadingZeros(size - 1);
                int probe = 1;
                assertThat(model.passes.size() - 1)
                        .as("poison at %d of %d", place, size)
                        .isLessThanOrEqualTo(halvings + 2 + probe);
            }
        }
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
        assertThat(run.rejected.sum()).isEqualTo(5);
        assertThat(run.texts.sum()).isEqualTo(27);
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
        assertThat(run.texts.sum()).isEqualTo(8);
        assertThat(run.rejected.sum()).isZero();
        assertThat(budget.tokens()).isEqualTo(1024);
    }

    @Test
    void blamesNoTextWhenTheEngineIsLost() {
        model.dead = true;
        List<Request> batch = good(4);
        assertThatThrownBy(() -> run.run(batch))
                .isInstanceOf(EngineLostException.class)
                .hasMessageContaining("device-side assert")
                .hasMessageContaining("Restart the process");
        assertThat(run.rejected.sum()).isZero();
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
        return new Request(Inputs.of(text, 10), new CompletableFuture<>());
    }
}
