package dev.spindrift.pipeline.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.pipeline.data.ChunkResult;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.RejectedRow;
import dev.spindrift.pipeline.data.TableRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssembleFunctionTest {
    private KeyedTwoInputStreamOperatorTestHarness<String, DocumentRow, ChunkResult, TableRow> harness;

    @BeforeEach
    void open() throws Exception {
        harness = start(null);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, DocumentRow, ChunkResult, TableRow> start(
            @Nullable OperatorSubtaskState state) throws Exception {
        var harness = new KeyedTwoInputStreamOperatorTestHarness<String, DocumentRow, ChunkResult, TableRow>(
                new KeyedCoProcessOperator<>(new AssembleFunction()),
                DocumentRow::documentId,
                ChunkResult::documentId,
                Types.STRING);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static DocumentRow header(long version, int chunks) {
        return new DocumentRow(
                "d", version, version, "e" + version, false, chunks, chunks, "text/plain", null, null, "h", "c", "{}");
    }

    private void headerComes(long version, int chunks) throws Exception {
        harness.processElement1(new StreamRecord<>(header(version, chunks)));
    }

    private void answer(long version, int position) throws Exception {
        harness.processElement2(new StreamRecord<>(new ChunkResult("d", "e" + version, position, null)));
    }

    private void reject(long version, int position, String reason) throws Exception {
        harness.processElement2(new StreamRecord<>(new ChunkResult("d", "e" + version, position, reason)));
    }

    /** What left: a version that is complete, or one that was rejected with position and reason. */
    private List<String> out() {
        return harness.extractOutputValues().stream()
                .map(row -> {
                    if (row.document() != null) {
                        return "v" + row.document().version();
                    }
                    RejectedRow rejected = Objects.requireNonNull(row.rejected());
                    return "v" + rejected.version() + " rejected at " + rejected.position() + ": " + rejected.reason();
                })
                .toList();
    }

    @Test
    void letsADocumentGoWhenItsLastChunkIsAnswered() throws Exception {
        headerComes(1, 3);
        answer(1, 2);
        answer(1, 0);
        assertThat(out()).isEmpty();
        answer(1, 1);
        assertThat(out()).containsExactly("v1");
        assertThat(harness.numKeyedStateEntries())
                .as("only the newest row's place is kept")
                .isEqualTo(1);
    }

    @Test
    void countsAnswersThatComeBeforeTheHeader() throws Exception {
        answer(1, 1);
        answer(1, 0);
        assertThat(out()).isEmpty();
        headerComes(1, 2);
        assertThat(out()).containsExactly("v1");
    }

    @Test
    void letsADocumentWithoutChunksGoAtOnce() throws Exception {
        headerComes(1, 0);
        assertThat(out()).containsExactly("v1");
    }

    @Test
    void doesNotLetOneAnswerTwiceStandForTwo() throws Exception {
        headerComes(1, 2);
        answer(1, 0);
        answer(1, 0);
        assertThat(out()).isEmpty();
        answer(1, 1);
        assertThat(out()).containsExactly("v1");
    }

    @Test
    void keepsEditionsApart() throws Exception {
        headerComes(1, 2);
        headerComes(2, 2);
        answer(1, 0);
        answer(2, 0);
        assertThat(out()).isEmpty();
        answer(1, 1);
        answer(2, 1);
        assertThat(out()).containsExactly("v1", "v2");
    }

    @Test
    void dropsAnEditionThatANewerOneOvertook() throws Exception {
        headerComes(1, 2);
        answer(1, 0);
        headerComes(2, 1);
        answer(2, 0);
        answer(1, 1);
        assertThat(out()).containsExactly("v2");
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    }

    @Test
    void rejectsADocumentForItsFirstRejectedChunkOnceAllAreAnswered() throws Exception {
        headerComes(1, 3);
        reject(1, 2, "late");
        reject(1, 1, "early");
        assertThat(out()).isEmpty();
        answer(1, 0);
        assertThat(out()).containsExactly("v1 rejected at 1: early");
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void letsTheEditionBeforeARejectedOneStillBecomeCurrent() throws Exception {
        headerComes(1, 1);
        headerComes(2, 1);
        reject(2, 0, "bad");
        answer(1, 0);
        assertThat(out()).containsExactly("v2 rejected at 0: bad", "v1");
    }

    @Test
    void remembersWhatWasAnsweredThroughARestart() throws Exception {
        headerComes(1, 3);
        answer(1, 2);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = start(state);
        answer(1, 0);
        answer(1, 1);
        assertThat(out()).containsExactly("v1");
    }

    @Test
    void countsTensOfThousandsOfChunksInAnyOrder() throws Exception {
        int chunks = 50_000;
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            positions.add(i);
        }
        Collections.shuffle(positions, new Random(7));
        headerComes(1, chunks);
        for (int position : positions) {
            assertThat(harness.getOutput()).isEmpty();
            answer(1, position);
        }
        assertThat(out()).containsExactly("v1");
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    }
}
