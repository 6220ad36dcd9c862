package dev.spindrift.pipeline.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.chunk.Chunk;
import dev.spindrift.udf.token.ModelInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkFunctionTest {
    private static final long NOW = 1_700_000_000_000L;

    /** One chunk per line. */
    private record Lines(String fingerprint) implements Cutter {
        @Override
        public List<Chunk> cut(String text, String mediaType) {
            if (text.contains("unspeakable")) {
                throw new IllegalArgumentException("it is unspeakable");
            }
            List<Chunk> chunks = new ArrayList<>();
            int start = 0;
            for (String line : text.lines().toList()) {
                chunks.add(new Chunk(
                        chunks.size(), start, start + line.length(), "", new ModelInput(line, 1, ModelInput.NO_IDS)));
                start += line.length() + 1;
            }
            return chunks;
        }
    }

    private KeyedOneInputStreamOperatorTestHarness<String, Document, ChunkRow> harness;

    @BeforeEach
    void open() throws Exception {
        harness = start("lines", null);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Document, ChunkRow> start(
            String fingerprint, @Nullable OperatorSubtaskState state) throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<String, Document, ChunkRow>(
                new KeyedProcessOperator<>(new ChunkFunction(new Lines(fingerprint))), Document::id, Types.STRING);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static Document own(long version, long sequence, String text) {
        return new Document("d", version, true, sequence, false, text, "text/plain", null, null, "{}");
    }

    private static Document stamped(long sequence, String text) {
        return new Document("d", NOW + sequence, false, sequence, false, text, "text/plain", null, null, "{}");
    }

    private static Document deletion(long sequence) {
        return new Document("d", NOW + sequence, false, sequence, true, "", "text/plain", null, null, "{}");
    }

    private void process(Document... documents) throws Exception {
        for (Document document : documents) {
            harness.processElement(new StreamRecord<>(document));
        }
    }

    private <T> List<T> side(OutputTag<T> tag) {
        Collection<StreamRecord<T>> records = harness.getSideOutput(tag);
        return records == null
                ? List.of()
                : records.stream().map(StreamRecord::getValue).toList();
    }

    /** Headers that left, as version/sequence. */
    private List<String> headers() {
        return side(ChunkFunction.HEADERS).stream()
                .map(row -> row.version() + "/" + row.sequence() + (row.deleted() ? " deleted" : ""))
                .toList();
    }

    @Test
    void sendsAHeaderAndItsChunks() throws Exception {
        process(own(1, 5, "one\ntwo"));
        DocumentRow header = side(ChunkFunction.HEADERS).get(0);
        assertThat(header.chunks()).isEqualTo(2);
        assertThat(header.tokens()).isEqualTo(2);
        assertThat(header.chunker()).isEqualTo("lines");
        assertThat(harness.extractOutputValues())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        new ChunkRow(
                                "d",
                                1,
                                5,
                                header.edition(),
                                0,
                                "one",
                                0,
                                3,
                                "",
                                1,
                                Fingerprint.of("one"),
                                ModelInput.NO_IDS),
                        new ChunkRow(
                                "d",
                                1,
                                5,
                                header.edition(),
                                1,
                                "two",
                                4,
                                7,
                                "",
                                1,
                                Fingerprint.of("two"),
                                ModelInput.NO_IDS));
    }

    @Test
    void sendsTheHeaderAloneWhereThereIsNothingToEmbed() throws Exception {
        process(own(1, 5, ""));
        assertThat(headers()).containsExactly("1/5");
        assertThat(side(ChunkFunction.HEADERS).get(0).chunks()).isZero();
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void dropsVersionsOlderThanTheNewest() throws Exception {
        process(own(5, 1, "five"), own(4, 2, "four"), own(6, 3, "six"), own(5, 4, "five again"));
        assertThat(headers()).containsExactly("5/1", "6/3");
    }

    @Test
    void letsTheLaterRecordOfOneVersionWinUnlessItIsTheSame() throws Exception {
        process(own(5, 3, "a"), own(5, 4, "a"), own(5, 2, "b"), own(5, 5, "b"), own(5, 6, "a"));
        assertThat(headers()).containsExactly("5/3", "5/5", "5/6");
        assertThat(side(ChunkFunction.HEADERS).stream().map(DocumentRow::edition))
                .as("each record its own edition")
                .doesNotHaveDuplicates();
    }

    @Test
    void takesChangedMetadataForANewEdition() throws Exception {
        process(own(5, 3, "a"), new Document("d", 5, true, 4, false, "a", "text/plain", null, "{}", "{}"));
        assertThat(headers()).containsExactly("5/3", "5/4");
    }

    @Test
    void deletesTheVersionItFindsWhereRecordsNameTheirVersions() throws Exception {
        process(own(5, 1, "a"), deletion(2), own(5, 3, "a"), own(4, 4, "old"), deletion(5), own(6, 6, "new"));
        assertThat(headers()).containsExactly("5/1", "5/2 deleted", "5/3", "5/5 deleted", "6/6");
    }

    @Test
    void deletesByTimestampWhereVersionsAreTimestamps() throws Exception {
        process(stamped(1, "a"), deletion(2), stamped(0, "late"), stamped(3, "b"));
        assertThat(headers()).containsExactly(NOW + 1 + "/1", NOW + 2 + "/2 deleted", NOW + 3 + "/3");
    }

    @Test
    void countsASecondDeletionAsSuperseded() throws Exception {
        process(own(5, 1, "a"), deletion(2), deletion(3));
        assertThat(headers()).containsExactly("5/1", "5/2 deleted");
    }

    @Test
    void rejectsWhatCannotBeCutAndKeepsTheEditionBefore() throws Exception {
        process(own(1, 1, "fine"), own(2, 2, "unspeakable"), own(1, 3, "fine too"));
        assertThat(headers()).containsExactly("1/1", "1/3");
        TableRow row = side(ChunkFunction.REJECTED).get(0);
        var rejected = Objects.requireNonNull(row.rejected());
        assertThat(rejected.stage()).isEqualTo("chunk");
        assertThat(rejected.reason()).isEqualTo("it is unspeakable");
        assertThat(rejected.version()).isEqualTo(2);
    }

    @Test
    void remembersTheNewestVersionThroughARestart() throws Exception {
        process(own(5, 1, "five"));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = start("lines", state);
        process(own(4, 2, "four"), own(5, 3, "five"));
        assertThat(headers()).isEmpty();
    }

    @Test
    void cutsAgainWhatIsResentAfterTheChunkerChanged() throws Exception {
        process(own(5, 1, "five"));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = start("other lines", state);
        process(own(5, 2, "five"));
        assertThat(headers()).containsExactly("5/2");
    }
}
