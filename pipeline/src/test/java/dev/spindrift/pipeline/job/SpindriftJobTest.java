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
import dev.spindrift.udf.model.ModelSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SpindriftJobTest {
    private static final int PARALLELISM = 2;
    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(3)
            .build());

    private static final TypeInformation<SourceOutput> RECORDS = TypeInformation.of(SourceOutput.class);
    private static final int RESCALED_PAGES = 120;
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
            // Lets checkpoints happen; nothing is asserted about time.
            Thread.sleep(failingTest.isEmpty() || failed(failingTest) ? 2 : 20);
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
        connect(
                environment
                        .fromSequence(0, pages - 1)
                        .map(new Pages(failing ? test : ""))
                        .returns(RECORDS),
                test,
                false,
                sink);
        environment.execute();
        return sink;
    }

    private static void connect(DataStream<SourceOutput> records, String test, boolean holding, CollectingSink sink) {
        SpindriftJob.connect(
                records,
                new ModelCutter(ModelSettings.of("builtin"), new ChunkSettings(12, 0)),
                new EmbedOperatorFactory(
                        DelayedEmbedders.MODEL.fingerprint(),
                        holding ? 10_000 : 16,
                        new DelayedEmbedders(test, holding)),
                sink);
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
    void countsEveryRecordExactlyThroughAFailure() throws Exception {
        String test = "counting";
        StreamExecutionEnvironment environment = environment();
        CollectingSink sink = new CollectingSink(test);
        connect(environment.fromSequence(0, 599).map(new Pages(test)).returns(RECORDS), test, false, sink);
        JobID job = environment.execute().getJobID();

        assertThat(Pages.failed(test)).isTrue();
        assertThat(total(job, "source", "documentsIn")).isEqualTo(600);
        assertThat(accountedFor(job)).isEqualTo(600);
        assertThat(total(job, "assemble", "documentsInFlight")).isZero();
        assertThat(total(job, "assemble", "documentsCompleted")).isEqualTo(count(sink, row -> row.document() != null));
        assertThat(total(job, "embed", "textsEmbedded")).isEqualTo(count(sink, row -> row.embedding() != null));
        assertThat(total(job, "embed", "chunksIn"))
                .isEqualTo(total(job, "chunk", "chunksOut"))
                .isEqualTo(count(sink, row -> row.chunk() != null) + total(job, "embed", "chunksRejected"));
        assertThat(total(job, "embed", "chunksDeduplicated")).isPositive();
    }

    /** The records whose end is known, or which wait in assemble for their chunks. */
    private static long accountedFor(JobID job) {
        return total(job, "source", "documentsRejected")
                + total(job, "chunk", "documentsSuperseded")
                + total(job, "chunk", "documentsRejected")
                + total(job, "assemble", "documentsCompleted")
                + total(job, "assemble", "documentsSuperseded")
                + total(job, "assemble", "documentsRejected")
                + total(job, "assemble", "documentsInFlight");
    }

    private static long count(CollectingSink sink, Predicate<TableRow> kind) {
        return sink.rows().stream().filter(kind).count();
    }

    /** The sum of a counter over the subtasks of the last attempt; 0 before there is one. */
    private static long total(JobID job, String operator, String counter) {
        Map<Integer, Long> newest = new HashMap<>();
        METRICS.findOperatorMetricGroups(job, operator).stream()
                .sorted(Comparator.comparing(group -> variable(group, "<task_attempt_num>")))
                .forEach(group -> {
                    Metric metric = METRICS.getMetricsByGroup(group).get(counter);
                    newest.put(variable(group, "<subtask_index>"), metric == null ? 0 : ((Counter) metric).getCount());
                });
        return newest.values().stream().mapToLong(Long::longValue).sum();
    }

    private static int variable(MetricGroup group, String name) {
        return Integer.parseInt(Objects.requireNonNull(group.getAllVariables().get(name)));
    }

    /** Pages 0 to {@code end}, and then nothing for ever. */
    private record Endless(long end) implements FlatMapFunction<Long, SourceOutput> {
        @Override
        public void flatMap(Long number, Collector<SourceOutput> out) throws Exception {
            if (number < end) {
                out.collect(page(number));
            } else {
                Thread.sleep(1); // spares the processor
            }
        }
    }

    private static JobClient start(CollectingSink sink, int parallelism, boolean holding, @Nullable String savepoint)
            throws Exception {
        StreamExecutionEnvironment environment = environment();
        environment.setParallelism(parallelism);
        if (savepoint != null) {
            environment.configure(new Configuration().set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint));
        }
        connect(
                environment
                        .fromSequence(0, Long.MAX_VALUE)
                        .flatMap(new Endless(RESCALED_PAGES))
                        .returns(RECORDS),
                "rescale",
                holding,
                sink);
        return environment.executeAsync();
    }

    @Test
    void carriesTextsInFlightThroughARescaleFromASavepoint(@TempDir Path folder) throws Exception {
        CollectingSink sink = new CollectingSink("rescale");
        Map<String, Integer> asked = new DelayedEmbedders("rescale", true).asked();

        JobClient one = start(sink, 1, true, null);
        // Nothing more comes once the free texts are committed and all held ones were asked for.
        await(() -> accountedFor(one.getJobID()) == RESCALED_PAGES
                && total(one.getJobID(), "chunk", "chunksOut") == total(one.getJobID(), "embed", "chunksIn")
                && asked.keySet().stream()
                        .filter(text -> !DelayedEmbedders.held(text) && !text.contains("unembeddable"))
                        .allMatch(text -> committed(sink, text)));
        assertThat(asked.keySet()).anyMatch(DelayedEmbedders::held);
        String savepoint = one.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        one.cancel().get();
        await(() -> one.getJobStatus().get().isGloballyTerminalState());

        JobClient three = start(sink, 3, false, savepoint);
        await(() -> asked.keySet().stream()
                .filter(text -> !text.contains("unembeddable"))
                .allMatch(text -> committed(sink, text)));
        await(() -> total(three.getJobID(), "assemble", "documentsInFlight") == 0);
        JobStatus running = three.getJobStatus().get();
        three.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();

        assertThat(running).isEqualTo(JobStatus.RUNNING);
        assertThat(asked).allSatisfy((text, times) -> {
            if (!text.contains("unembeddable")) {
                assertThat(times).as(text).isEqualTo(DelayedEmbedders.held(text) ? 2 : 1);
            }
        });
        check(sink, RESCALED_PAGES);
    }

    private static boolean committed(CollectingSink sink, String text) {
        return sink.rows().stream()
                .anyMatch(row -> row.chunk() != null && row.chunk().text().equals(text));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(2));
        while (!condition.call()) {
            assertThat(Instant.now()).as("waited for too long").isBefore(end);
            Thread.sleep(20);
        }
    }

    @Test
    void embedsEachDistinctTextOnceWhenNothingFails() throws Exception {
        CollectingSink sink = run("once", 300, false);
        Map<String, Integer> asked = new DelayedEmbedders("once", false).asked();
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
