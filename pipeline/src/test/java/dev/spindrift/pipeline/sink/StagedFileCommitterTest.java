package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.sink.Rows.Edition;
import dev.spindrift.pipeline.warehouse.ConnectionSource;
import dev.spindrift.pipeline.warehouse.Session;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.SystemClock;
import org.junit.jupiter.api.Test;

class StagedFileCommitterTest {
    private final TestTables tables = TestTables.empty("committing");
    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void commitsSeveralCheckpointsInTheirOrder() throws Exception {
        List<Request> requests = new ArrayList<>(requests(2, Edition.of("b", 1, 2, "two")));
        requests.addAll(requests(1, Edition.of("a", 1, 1, "one")));

        commit(tables.warehouse(), requests);

        assertThat(tables.rows("SELECT DOCUMENT_ID, CHECKPOINT_ID FROM DOCUMENTS ORDER BY UPDATED_AT"))
                .containsExactly("a|1", "b|2");
        assertThat(requests).noneMatch(r -> r.alreadyCommitted);
    }

    @Test
    void tellsFlinkWhichFilesWereCommittedBefore() throws Exception {
        List<Request> requests = requests(1, Edition.of("a", 1, 1, "one"));
        commit(tables.warehouse(), requests);

        commit(tables.warehouse(), requests);

        assertThat(requests).allMatch(r -> r.alreadyCommitted);
    }

    @Test
    void removesCommittedFilesFromTheStage() throws Exception {
        commit(tables.warehouse(), requests(1, Edition.of("a", 1, 1, "one")));

        try (Connection connection = tables.warehouse().open()) {
            assertThat(new Stage(tables.settings()).list(connection)).isEmpty();
        }
    }

    @Test
    void triesAgainWhatFailsForAPassingReason() throws Exception {
        // Somewhere in the middle of the transaction.
        ConnectionSource faulty = new FaultyConnections(tables.warehouse(), 20, FaultyConnections.Kind.LOST_AFTER);

        commit(faulty, requests(1, Edition.of("a", 1, 1, "one")));

        assertThat(pauses).hasSize(1);
        assertThat(tables.rows("SELECT COUNT(*) FROM SEARCHABLE_CHUNKS")).containsExactly("1");
    }

    @Test
    void failsWithAWayOutWhenTheReasonDoesNotPass() {
        ConnectionSource closed = () -> {
            throw new SQLException("Incorrect username or password was specified.", "08001", 390100);
        };

        assertThatThrownBy(() -> commit(closed, requests(1, Edition.of("a", 1, 1, "one"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Incorrect username")
                .hasMessageContaining("warehouse.*");
        assertThat(pauses).isEmpty();
    }

    private List<Request> requests(long checkpoint, Edition edition) throws Exception {
        return tables.stage(checkpoint, edition.all()).stream()
                .map(Request::new)
                .toList();
    }

    private void commit(ConnectionSource source, List<Request> requests) throws Exception {
        Session session = new Session(source, Duration.ofMinutes(1), SystemClock.getInstance(), pauses::add);
        CommitMetrics metrics =
                new CommitMetrics(UnregisteredMetricsGroup.createOperatorMetricGroup(), session::retries);
        try (StagedFileCommitter committer = new StagedFileCommitter(
                tables.settings(),
                TestTables.MODEL,
                () -> TestTables.GOLDEN,
                session,
                metrics,
                SystemClock.getInstance(),
                OptionalLong.empty())) {
            committer.commit(List.copyOf(requests));
        }
    }

    private static final class Request implements CommitRequest<StagedFile> {
        private final StagedFile file;
        private boolean alreadyCommitted;

        Request(StagedFile file) {
            this.file = file;
        }

        @Override
        public StagedFile getCommittable() {
            return file;
        }

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            throw new AssertionError("lets go of the file's rows", reason);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void retryLater() {
            throw new AssertionError("Flink would try again at once");
        }

        @Override
        public void updateAndRetryLater(StagedFile committable) {
            throw new AssertionError("a staged file does not change");
        }

        @Override
        public void signalAlreadyCommitted() {
            alreadyCommitted = true;
        }
    }
}
