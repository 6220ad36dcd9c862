package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.sink.Rows.Edition;
import dev.spindrift.pipeline.warehouse.ConnectionSource;
import dev.spindrift.pipeline.warehouse.Session;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.SystemClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFileWriterTest {
    private static final SinkWriter.Context CONTEXT = new SinkWriter.Context() {
        @Override
        public long currentWatermark() {
            return Long.MIN_VALUE;
        }

        @Override
        public @Nullable Long timestamp() {
            return null;
        }
    };

    @TempDir
    Path folder;

    private final TestTables tables = TestTables.empty("writing");

    @Test
    void stagesOneFilePerTableAtACheckpoint() throws Exception {
        try (StagedFileWriter writer = writer(1L << 20, tables.warehouse())) {
            write(writer, Edition.of("a", 1, 1, "one", "two").all());

            Collection<StagedFile> files = writer.prepareCommit();

            assertThat(files)
                    .extracting(file -> file.table() + " " + file.rows())
                    .containsExactlyInAnyOrder("EMBEDDINGS 2", "CHUNKS 2", "DOCUMENTS 1");
            assertThat(writer.prepareCommit()).isEmpty();
            try (Connection connection = tables.warehouse().open()) {
                assertThat(new Stage(tables.settings()).list(connection))
                        .extracting(Stage.StoredFile::name)
                        .containsExactlyInAnyOrderElementsOf(
                                files.stream().map(StagedFile::name).toList());
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void closesAFileThatIsLargeEnough() throws Exception {
        try (StagedFileWriter writer = writer(1, tables.warehouse())) {
            write(writer, List.of(Rows.vector("one"), Rows.vector("two"), Rows.vector("three")));

            assertThat(writer.prepareCommit()).hasSize(3);
        }
    }

    @Test
    void uploadsAgainWhatFailsForAPassingReason() throws Exception {
        FaultyConnections faulty = new FaultyConnections(tables.warehouse(), 1, FaultyConnections.Kind.LOST_AFTER);
        try (StagedFileWriter writer = writer(1L << 20, faulty)) {
            write(writer, List.of(Rows.vector("one")));

            assertThat(writer.prepareCommit()).hasSize(1);
        }
        assertThat(faulty.statements()).isEqualTo(2);
    }

    private StagedFileWriter writer(long fileBytes, ConnectionSource source) throws Exception {
        SinkSettings settings =
                new SinkSettings("writing", "SPINDRIFT_STAGE", fileBytes, Duration.ofMinutes(1), folder.toString());
        Session session = new Session(source, settings.commitTimeout(), SystemClock.getInstance(), time -> {});
        return new StagedFileWriter(settings, session, UnregisteredMetricsGroup.createSinkWriterMetricGroup());
    }

    private static void write(StagedFileWriter writer, List<TableRow> rows) throws Exception {
        for (TableRow row : rows) {
            writer.write(row, CONTEXT);
        }
    }
}
