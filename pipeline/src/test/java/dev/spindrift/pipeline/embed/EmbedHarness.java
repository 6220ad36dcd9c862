package dev.spindrift.pipeline.embed;

import dev.spindrift.pipeline.data.ChunkResult;
import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.token.ModelInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** One subtask of the embed operator with an embedder that a test answers for. */
final class EmbedHarness implements AutoCloseable {
    static final int MAX_PARALLELISM = 720;
    private static final Map<Integer, ScriptedEmbedder> EMBEDDERS = new ConcurrentHashMap<>();
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** Looks the test's embedder up, since a lease is serialized with its factory. */
    private record ScriptedLease(int number) implements EmbedderLease {
        @Override
        public Embedder open(MetricGroup metrics) {
            return Objects.requireNonNull(EMBEDDERS.get(number));
        }

        @Override
        public void close(Embedder embedder) {
            EMBEDDERS.remove(number);
        }
    }

    private final KeyedOneInputStreamOperatorTestHarness<String, ChunkRow, TableRow> harness;
    private final ScriptedEmbedder embedder;

    private EmbedHarness(
            KeyedOneInputStreamOperatorTestHarness<String, ChunkRow, TableRow> harness, ScriptedEmbedder embedder) {
        this.harness = harness;
        this.embedder = embedder;
    }

    /** How a subtask differs from the only one of a fresh job with room for plenty. */
    record Setup(String model, int capacity, StateBackend backend, int parallelism, int subtask) {
        static Setup fresh() {
            return new Setup("model-a", 1000, new HashMapStateBackend(), 1, 0);
        }

        Setup withModel(String other) {
            return new Setup(other, capacity, backend, parallelism, subtask);
        }

        Setup withCapacity(int other) {
            return new Setup(model, other, backend, parallelism, subtask);
        }

        Setup withBackend(StateBackend other) {
            return new Setup(model, capacity, other, parallelism, subtask);
        }

        Setup asSubtask(int index, int of) {
            return new Setup(model, capacity, backend, of, index);
        }
    }

    static EmbedHarness open(Setup setup, @Nullable OperatorSubtaskState state) throws Exception {
        int number = NEXT.incrementAndGet();
        ScriptedEmbedder embedder = new ScriptedEmbedder(setup.model());
        EMBEDDERS.put(number, embedder);
        var harness = harness(
                new EmbedOperatorFactory(setup.model(), setup.capacity(), new ScriptedLease(number)),
                setup.parallelism(),
                setup.subtask());
        harness.setStateBackend(setup.backend());
        harness.setup(TypeInformation.of(TableRow.class)
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return new EmbedHarness(harness, embedder);
    }

    static KeyedOneInputStreamOperatorTestHarness<String, ChunkRow, TableRow> harness(
            EmbedOperatorFactory factory, int parallelism, int subtask) throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                factory, ChunkRow::embeddingKey, Types.STRING, MAX_PARALLELISM, parallelism, subtask);
    }

    static ChunkRow chunk(String document, int position, String text) {
        return new ChunkRow(
                document,
                1,
                1,
                "edition-" + document,
                position,
                text,
                0,
                text.length(),
                "",
                3,
                Fingerprint.of(text),
                ModelInput.NO_IDS);
    }

    ScriptedEmbedder embedder() {
        return embedder;
    }

    AbstractStreamOperatorTestHarness<TableRow> flink() {
        return harness;
    }

    void process(ChunkRow chunk) throws Exception {
        harness.processElement(new StreamRecord<>(chunk));
    }

    /** Runs the mails that wait. */
    void runMails() throws Exception {
        while (harness.getTaskMailbox().hasMail()) {
            harness.getTaskMailbox().take(0).run();
        }
    }

    OperatorSubtaskState snapshot(long id) throws Exception {
        return harness.snapshot(id, id);
    }

    void endInput() throws Exception {
        harness.endInput();
    }

    /** What left for the sink, in order: {@code vector <text>} or {@code chunk <document>/<position>}. */
    List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (TableRow row : harness.extractOutputValues()) {
            if (row.embedding() != null) {
                rows.add("vector " + row.embedding().embeddingKey());
            } else if (row.chunk() != null) {
                rows.add("chunk " + row.chunk().documentId() + "/" + row.chunk().position());
            }
        }
        return rows;
    }

    /** What left for assemble, in order: {@code <document>/<position>}, with the reason if it was rejected. */
    List<String> results() {
        ConcurrentLinkedQueue<StreamRecord<ChunkResult>> results = harness.getSideOutput(EmbedOperatorFactory.RESULTS);
        return results == null
                ? List.of()
                : results.stream()
                        .map(StreamRecord::getValue)
                        .map(result -> result.documentId() + "/" + result.position()
                                + (result.rejection() == null ? "" : " " + result.rejection()))
                        .toList();
    }

    @Override
    public void close() {
        try {
            harness.close();
        } catch (Exception e) {
            throw new AssertionError("the operator did not close", e);
        }
    }
}
