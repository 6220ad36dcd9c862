package dev.spindrift.pipeline.embed;

import static dev.spindrift.pipeline.embed.EmbedHarness.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.embed.EmbedHarness.Setup;
import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.embed.RejectedTextException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbedOperatorTest {

    static List<StateBackend> backends() {
        return List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend(false));
    }

    private static String vector(String text) {
        return "vector " + Fingerprint.of(text);
    }

    @Test
    void emitsVectorThenChunksThenResultsInOneMail() throws Exception {
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh(), null)) {
            embed.process(chunk("a", 0, "same"));
            embed.process(chunk("b", 4, "same"));
            assertThat(embed.rows()).isEmpty();
            assertThat(embed.results()).isEmpty();

            embed.embedder().answer("same");
            assertThat(embed.rows()).as("before the mail ran").isEmpty();
            assertThat(embed.embedder().answersTaken()).isZero();
            embed.flink().getTaskMailbox().take(0).run();
            assertThat(embed.embedder().answersTaken()).isEqualTo(1);

            assertThat(embed.rows()).containsExactly(vector("same"), "chunk a/0", "chunk b/4");
            assertThat(embed.results()).containsExactly("a/0", "b/4");
            assertThat(embed.embedder().asked()).containsExactly("same");
        }
    }

    @Test
    void passesDuplicatesOfADoneTextAtOnce() throws Exception {
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh(), null)) {
            embed.process(chunk("a", 0, "same"));
            embed.embedder().answer("same");
            embed.runMails();
            embed.process(chunk("b", 0, "same"));

            assertThat(embed.rows()).containsExactly(vector("same"), "chunk a/0", "chunk b/0");
            assertThat(embed.results()).containsExactly("a/0", "b/0");
            assertThat(embed.embedder().asked()).containsExactly("same");
        }
    }

    @Test
    void neverAcknowledgesADuplicateBeforeItsVector() throws Exception {
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh(), null)) {
            embed.process(chunk("a", 0, "slow"));
            embed.process(chunk("a", 1, "fast"));
            embed.embedder().answer("fast");
            embed.runMails();
            embed.process(chunk("b", 0, "slow"));
            embed.process(chunk("b", 1, "fast"));

            assertThat(embed.results()).containsExactly("a/1", "b/1");
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void asksAgainForWhatWasInFlightAtTheSnapshot(StateBackend backend) throws Exception {
        Setup setup = Setup.fresh().withBackend(backend);
        OperatorSubtaskState state;
        try (EmbedHarness embed = EmbedHarness.open(setup, null)) {
            embed.process(chunk("a", 0, "done"));
            embed.embedder().answer("done");
            embed.runMails();
            embed.process(chunk("a", 1, "open"));
            embed.process(chunk("b", 0, "open"));
            state = embed.snapshot(1);
        }
        try (EmbedHarness embed = EmbedHarness.open(setup, state)) {
            assertThat(embed.embedder().asked()).containsExactly("open");
            embed.process(chunk("c", 0, "open"));
            embed.process(chunk("c", 1, "done"));
            embed.embedder().answerAll();
            embed.runMails();

            assertThat(embed.rows())
                    .containsExactly("chunk c/1", vector("open"), "chunk a/1", "chunk b/0", "chunk c/0");
            assertThat(embed.embedder().asked()).containsExactly("open");
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void forgetsWhatWasInFlightOnceItIsAnswered(StateBackend backend) throws Exception {
        Setup setup = Setup.fresh().withBackend(backend);
        OperatorSubtaskState second;
        try (EmbedHarness embed = EmbedHarness.open(setup, null)) {
            embed.process(chunk("a", 0, "one"));
            embed.process(chunk("a", 1, "two"));
            embed.snapshot(1);
            embed.embedder().answer("one");
            embed.runMails();
            embed.process(chunk("b", 0, "two"));
            second = embed.snapshot(2);
        }
        OperatorSubtaskState third;
        try (EmbedHarness embed = EmbedHarness.open(setup, second)) {
            assertThat(embed.embedder().asked()).containsExactly("two");
            embed.embedder().answer("two");
            embed.runMails();
            assertThat(embed.rows()).containsExactly(vector("two"), "chunk a/1", "chunk b/0");
            third = embed.snapshot(3);
        }
        try (EmbedHarness embed = EmbedHarness.open(setup, third)) {
            assertThat(embed.embedder().asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void keepsChunksInFlightWithTheirKeysThroughRescales(StateBackend backend) throws Exception {
        int texts = 60;
        OperatorSubtaskState one;
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh().withBackend(backend), null)) {
            for (int i = 0; i < texts; i++) {
                embed.process(chunk("first", i, "text " + i));
            }
            for (int i = 0; i < texts; i += 4) {
                embed.embedder().answer("text " + i);
            }
            embed.runMails();
            one = embed.snapshot(1);
        }
        List<String> rows = new ArrayList<>();
        OperatorSubtaskState two = rescale(one, 1, 2, backend, rows);
        rescale(two, 2, 3, backend, rows);

        assertThat(rows)
                .filteredOn(row -> row.startsWith("vector"))
                .hasSize(texts - texts / 4)
                .doesNotHaveDuplicates();
        assertThat(rows)
                .filteredOn(row -> row.startsWith("chunk first/"))
                .hasSize(texts - texts / 4)
                .doesNotHaveDuplicates();
    }

    /** Runs the operator at another parallelism: a third of what is in flight is answered, and duplicates arrive. */
    private static OperatorSubtaskState rescale(
            OperatorSubtaskState state, int from, int to, StateBackend backend, List<String> rows) throws Exception {
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (int subtask = 0; subtask < to; subtask++) {
            OperatorSubtaskState mine = AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, EmbedHarness.MAX_PARALLELISM, from, to, subtask);
            try (EmbedHarness embed =
                    EmbedHarness.open(Setup.fresh().withBackend(backend).asSubtask(subtask, to), mine)) {
                List<String> inFlight = List.copyOf(embed.embedder().asked());
                for (String text : inFlight) {
                    embed.process(chunk("again" + to, Integer.parseInt(text.substring(5)), text));
                }
                assertThat(embed.embedder().asked()).as("asked once each").isEqualTo(inFlight);
                assertThat(embed.results()).as("no duplicate before its vector").isEmpty();
                boolean last = to == 3;
                for (int i = 0; i < inFlight.size(); i++) {
                    if (last || i % 3 == 0) {
                        embed.embedder().answer(inFlight.get(i));
                    }
                }
                embed.runMails();
                rows.addAll(embed.rows());
                states.add(embed.snapshot(to));
            }
        }
        return AbstractStreamOperatorTestHarness.repackageState(states.toArray(OperatorSubtaskState[]::new));
    }

    @Test
    void doesNotTakeAnotherModelsKeysAsDone() throws Exception {
        OperatorSubtaskState state;
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh().withModel("model-a"), null)) {
            embed.process(chunk("a", 0, "done"));
            embed.embedder().answer("done");
            embed.runMails();
            embed.process(chunk("a", 1, "open"));
            state = embed.snapshot(1);
        }
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh().withModel("model-b"), state)) {
            embed.process(chunk("b", 0, "done"));
            assertThat(embed.embedder().asked()).containsExactly("open", "done");
            embed.embedder().answerAll();
            embed.runMails();
            assertThat(embed.results()).containsExactlyInAnyOrder("a/1", "b/0");
        }
    }

    @Test
    void refusesToOpenWithAModelOtherThanTheJobs() throws Exception {
        var harness = EmbedHarness.harness(new EmbedOperatorFactory("model-a", 1, new FixedLease("model-b")), 1, 0);
        assertThatThrownBy(harness::open).hasMessageContaining("model-b").hasMessageContaining("spindrift-udf.jar");
    }

    private record FixedLease(String fingerprint) implements EmbedderLease {
        @Override
        public Embedder open(MetricGroup metrics) {
            return new ScriptedEmbedder(fingerprint);
        }

        @Override
        public void close(Embedder embedder) {}
    }

    @Test
    void rejectsEveryChunkThatWaitsForARejectedTextAndForgetsIt() throws Exception {
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh(), null)) {
            embed.process(chunk("a", 0, "bad"));
            embed.process(chunk("b", 1, "bad"));
            embed.snapshot(1);
            embed.embedder().fail("bad", new RejectedTextException("too strange"));
            embed.runMails();
            assertThat(embed.rows()).isEmpty();
            assertThat(embed.results()).containsExactly("a/0 too strange", "b/1 too strange");

            embed.process(chunk("c", 0, "bad"));
            assertThat(embed.embedder().asked()).containsExactly("bad", "bad");
            embed.embedder().answer("bad");
            embed.runMails();
            assertThat(embed.rows()).containsExactly(vector("bad"), "chunk c/0");
        }
    }

    @Test
    void failsTheTaskWhenTheEmbedderIsLost() throws Exception {
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh(), null)) {
            embed.process(chunk("a", 0, "text"));
            embed.embedder().fail("text", new IllegalStateException("device lost"));
            assertThatThrownBy(embed::runMails)
                    .hasMessageContaining("Cannot embed text")
                    .hasMessageContaining("device lost");
            assertThat(embed.results()).isEmpty();
        }
    }

    @Test
    void holdsNoMoreChunksInFlightThanItsCapacity() throws Exception {
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh().withCapacity(3), null)) {
            embed.process(chunk("a", 0, "one"));
            embed.process(chunk("a", 1, "two"));
            embed.embedder().answer("one"); // its mail is run when the third chunk finds no room
            embed.process(chunk("a", 2, "three"));

            assertThat(embed.rows()).containsExactly(vector("one"), "chunk a/0");
            assertThat(embed.embedder().asked()).containsExactly("one", "two", "three");
        }
    }

    @Test
    void countsDuplicatesThatWaitAgainstItsCapacity() throws Exception {
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh().withCapacity(2), null)) {
            embed.process(chunk("a", 0, "hot"));
            embed.embedder().answer("hot");
            embed.process(chunk("b", 0, "hot"));

            assertThat(embed.rows()).containsExactly(vector("hot"), "chunk a/0", "chunk b/0");
        }
    }

    @Test
    void waitsForWhatIsInFlightAtTheEndOfInput() throws Exception {
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh(), null)) {
            embed.process(chunk("a", 0, "one"));
            embed.process(chunk("a", 1, "two"));
            embed.embedder().answerAll();
            embed.endInput();

            assertThat(embed.results()).containsExactlyInAnyOrder("a/0", "a/1");
        }
    }

    @Test
    void closesWithChunksInFlightAndIgnoresTheirAnswers() throws Exception {
        ScriptedEmbedder embedder;
        try (EmbedHarness embed = EmbedHarness.open(Setup.fresh(), null)) {
            embed.process(chunk("a", 0, "late"));
            embedder = embed.embedder();
        }
        embedder.answer("late");
    }
}
