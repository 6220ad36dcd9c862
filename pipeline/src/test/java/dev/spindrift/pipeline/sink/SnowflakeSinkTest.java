package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.sink.Rows.Edition;
import dev.spindrift.pipeline.warehouse.Verification;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.Precision;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;

/** The sink in a running Flink cluster. */
class SnowflakeSinkTest {
    private static final int DOCUMENTS = 300;

    private final TestTables tables = TestTables.empty("cluster");

    @Test
    void writesEveryRowOnceThoughTheJobFails() throws Exception {
        Configuration config = new Configuration();
        config.setString("restart-strategy.type", "fixed-delay");
        config.setString("restart-strategy.fixed-delay.attempts", "3");
        config.setString("restart-strategy.fixed-delay.delay", "10ms");
        config.setString("execution.checkpointing.interval", "300ms");
        config.setString("pipeline.generic-types", "false");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, config);
        ModelInfo model = new ModelInfo(
                TestTables.MODEL.modelId(),
                TestTables.MODEL.fingerprint(),
                TestTables.MODEL.dimension(),
                512,
                Precision.FP32);
        FailOnce.failed.set(false);

        env.fromSource(new NumberSequenceSource(0, 100L * DOCUMENTS - 1), WatermarkStrategy.noWatermarks(), "numbers")
                .flatMap(new FailOnce())
                .returns(TableRow.class)
                .sinkTo(new SnowflakeSink(
                        tables.settings(), tables.warehouseSettings(), model, () -> TestTables.GOLDEN))
                .uid("sink");
        env.execute();

        assertThat(FailOnce.failed).isTrue();
        assertThat(tables.rows("SELECT COUNT(*), COUNT(DISTINCT DOCUMENT_ID) FROM DOCUMENTS"))
                .containsExactly(DOCUMENTS + "|" + DOCUMENTS);
        assertThat(tables.rows("SELECT COUNT(*) FROM SEARCHABLE_CHUNKS")).containsExactly("" + 2 * DOCUMENTS);
        assertThat(tables.rows("SELECT COUNT(*) FROM EMBEDDINGS_BUILTIN")).containsExactly("" + (DOCUMENTS + 7));
        assertThat(tables.rows("SELECT COUNT(DISTINCT CHECKPOINT_ID) > 1 FROM SINK_LEDGER"))
                .containsExactly("true");
        try (Connection connection = tables.warehouse().open()) {
            assertThat(Verification.run(connection, TestTables.MODEL).values()).containsOnly(0L);
            assertThat(new Stage(tables.settings()).list(connection))
                    .as("files left after every commit")
                    .allSatisfy(file -> assertThat(tables.rows(
                                    "SELECT COUNT(*) FROM SINK_LEDGER WHERE FILE_NAME = '" + file.name() + "'"))
                            .containsExactly("0"));
        }
    }

    /**
     * Makes a document of every hundredth number. Slow until it fails, once, between two checkpoints, so that some are
     * complete by then; as fast as it can afterwards.
     */
    private static final class FailOnce extends RichFlatMapFunction<Long, TableRow> implements CheckpointListener {
        static final AtomicBoolean failed = new AtomicBoolean();
        private int checkpoints;
        private int sinceCheckpoint;

        @Override
        public void flatMap(Long number, Collector<TableRow> out) throws Exception {
            if (number % 100 != 0) {
                if (!failed.get()) {
                    // On a busy machine the checkpoints take their time.
                    Thread.sleep(isLate(number) ? 10 : 1);
                }
                return;
            }
            sinceCheckpoint++;
            if (checkpoints >= 2 && (sinceCheckpoint > 1 || isLate(number)) && failed.compareAndSet(false, true)) {
                throw new IllegalStateException("the failure that this test wants");
            }
            long document = number / 100;
            // One text of each document's own, one that many share.
            Edition.of("d" + document, 1, document, "text " + document, "shared " + document % 7)
                    .all()
                    .forEach(out::collect);
        }

        private static boolean isLate(long number) {
            return number > 75L * DOCUMENTS;
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            checkpoints++;
            sinceCheckpoint = 0;
        }
    }
}
