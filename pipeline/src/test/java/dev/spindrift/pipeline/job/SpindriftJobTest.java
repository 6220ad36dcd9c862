package dev.spindrift.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.pipeline.chunk.ModelCutter;
import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.RejectedRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.embed.EmbedOperatorFactory;
import dev.spindrift.pipeline.source.SourceOutput;
import dev.spindrift.udf.chunk.ChunkSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SpindriftJobTest {
    private static final int PARALLELISM = 2;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    private static final String NOTICE = "This notice stands on every page.";

    /** Page {@code number % 50}: each comes in several versions, all pages share a notice, and a few are odd. */
    private static SourceOutput page(long number) {
        String id = "page-" + number % 50;
        String source = "{\"offset\":" + number + "}";
        if (number % 41 == 40) {
            return new SourceOutput(
                    null, new RejectedRow(null, null, null, null, "source", "unreadable", null, 3, source));
        }
        boolean deleted = number % 37 == 36;
        String text = "Page " + id + " speaks of matter " + number % 7 + ".\n\n" + NOTICE + "\n\nVersion " + number / 50
                + " of it." + (number % 43 == 42 ? "\n\nThis is unembeddable " + number : "");
        return new SourceOutput(
                new Document(
                        id, number / 50, true, number, deleted, deleted ? "" : text, "text/plain", null, null, source),
                null);
    }

    /** Makes pages slowly enough that checkpoints fall between them, and fails once after one is complete. */
    private static final class Pages extends RichMapFunction<Long, SourceOutput> implements CheckpointListener {
        private static final long serialVersionUID = 1L;
        private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();
        private final String failingTest;
        private boolean checkpointed;

        Pages(String failingTest) {
            this.failingTest = failingTest;
        }

        @Override
        public void open(OpenContext context) {
            checkpointed = false;
        }

        @Override
        public SourceOutput map(Long number) throws Exception {
            Thread.sleep(2); // lets checkpoints happen; nothing is asserted about time
            if (checkpointed && FAILED.add(failingTest)) {
                throw new IllegalStateException("failing on purpose");
            }
            return page(number);
        }

        @Override
        public void notifyCheckpointComplete(long id) {
            checkpointed = !failingTest.isEmpty();
        }

        static boolean failed(String test) {
            return FAILED.contains(test);
        }
    }

    private static StreamExecutionEnvironment environment() {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(PARALLELISM);
        new CheckpointSettings(Duration.ofMillis(150)).configure(environment);
        environment.configure(new Configuration()
                .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2)
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50)));
        return environment;
    }

    private static CollectingSink run(String test, int pages, boolean failing) throws Exception {
        StreamExecutionEnvironment environment = environment();
        CollectingSink sink = new CollectingSink(test);
        SpindriftJob.connect(
                environment
                        .fromSequence(0, pages - 1)
                        .map(new Pages(failing ? test : ""))
                        .returns(TypeInformation.of(SourceOutput.class)),
                new ModelCutter("builtin", new ChunkSettings(12, 0)),
                new EmbedOperatorFactory(DelayedEmbedders.MODEL.fingerprint(), 16, new DelayedEmbedders(test)),
                sink);
        environment.execute();
        return sink;
    }

    @Test
    void commitsNoDocumentBeforeItsChunksAndNoChunkBeforeItsVector() throws Exception {
        check(run("plain", 600, false), 600);
    }

    @Test
    void isExactThroughAFailure() throws Exception {
        CollectingSink sink = run("failing", 800, true);
        assertThat(Pages.failed("failing")).isTrue();
        check(sink, 800);
        assertThat(sink.commits()).hasSizeGreaterThan(1);
    }

    @Test
    void embedsEachDistinctTextOnceWhenNothingFails() throws Exception {
        CollectingSink sink = run("once", 300, false);
        Map<String, Integer> asked = new DelayedEmbedders("once").asked();
        Set<String> embeddable = new HashSet<>();
        sink.rows().stream()
                .map(TableRow::chunk)
                .filter(Objects::nonNull)
                .forEach(chunk -> embeddable.add(chunk.text()));
        assertThat(embeddable)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(asked.get(text)).isEqualTo(1));
    }

    /** Replays the commits against tables in memory and checks after each what the design promises. */
    private static void check(CollectingSink sink, int pages) {
        Set<String> vectors = new HashSet<>();
        Map<String, ChunkRow> chunks = new HashMap<>();
        List<String> ends = new ArrayList<>();
        for (List<TableRow> commit : sink.commits()) {
            for (TableRow row : commit) {
                if (row.embedding() != null) {
                    assertThat(vectors.add(row.embedding().embeddingKey()))
                            .as("vector once")
                            .isTrue();
                } else if (row.chunk() != null) {
                    ChunkRow chunk = row.chunk();
                    assertThat(chunks.put(chunk.documentId() + chunk.edition() + "/" + chunk.position(), chunk))
                            .as("chunk row once")
                            .isNull();
                }
            }
            for (TableRow row : commit) {
                if (row.document() != null) {
                    DocumentRow document = row.document();
                    ends.add(document.source());
                    for (int position = 0; position < document.chunks(); position++) {
                        ChunkRow chunk = chunks.get(document.documentId() + document.edition() + "/" + position);
                        assertThat(chunk).as("a chunk of a committed document").isNotNull();
                    }
                } else if (row.rejected() != null) {
                    ends.add(row.rejected().source());
                }
            }
            assertThat(chunks.values()).allSatisfy(chunk -> assertThat(vectors).contains(chunk.embeddingKey()));
        }
        assertThat(ends).as("each record ends once at most").doesNotHaveDuplicates();
        checkNewest(sink, pages);
    }

    /** Each page's newest readable version is what the rows say last. */
    private static void checkNewest(CollectingSink sink, int pages) {
        Map<String, Document> newest = new HashMap<>();
        Set<String> rejected = new HashSet<>();
        sink.rows().stream()
                .map(TableRow::rejected)
                .filter(Objects::nonNull)
                .forEach(row -> rejected.add(row.source()));
        long unreadable = 0;
        for (long number = 0; number < pages; number++) {
            Document document = page(number).document();
            if (document == null) {
                unreadable++;
            } else if (!document.text().contains("unembeddable")) {
                newest.merge(document.id(), document, (a, b) -> a.version() > b.version() ? a : b);
            }
        }
        assertThat(rejected).hasSizeGreaterThanOrEqualTo((int) unreadable);
        Map<String, DocumentRow> rows = new HashMap<>();
        sink.rows().stream()
                .map(TableRow::document)
                .filter(Objects::nonNull)
                .forEach(row ->
                        rows.merge(row.documentId(), row, (a, b) -> b.isNewerThan(a.version(), a.sequence()) ? b : a));
        assertThat(rows.keySet()).isEqualTo(newest.keySet());
        newest.forEach((id, document) -> {
            DocumentRow row = Objects.requireNonNull(rows.get(id));
            if (!document.deleted()) {
                assertThat(row.source()).as(id).isEqualTo(document.source());
            }
        });
    }
}
