package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.warehouse.GoldenVectors;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.Session;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.util.clock.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the files of completed checkpoints, one {@link CommitTransaction} each, oldest first, and tidies the stage.
 *
 * <p>A failure is tried again here, with pauses, since Flink would do so at once and without end. When it does not pass,
 * the exception restarts the job, and Flink calls again with the same files. {@code signalFailedWithKnownReason} is
 * never called: it would let go of the files, and with them of their rows.
 */
final class StagedFileCommitter implements Committer<StagedFile> {
    private static final Logger LOG = LoggerFactory.getLogger(StagedFileCommitter.class);
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

    private final String job;
    private final Session session;
    private final Supplier<GoldenVectors> golden;
    private final SinkTables tables;
    private final CommitTransaction transaction;
    private final Stage stage;
    private final StageSweep sweep;
    private final CommitMetrics metrics;
    private final Clock clock;
    private final long restoredCheckpoint;
    private boolean prepared;
    private Instant nextSweep = Instant.MIN;

    StagedFileCommitter(
            SinkSettings settings,
            ModelTable model,
            Supplier<GoldenVectors> golden,
            Session session,
            CommitMetrics metrics,
            Clock clock,
            OptionalLong restoredCheckpoint) {
        this.job = settings.job();
        this.session = session;
        this.golden = golden;
        this.tables = new SinkTables(settings, model);
        this.transaction = new CommitTransaction(settings, model);
        this.stage = new Stage(settings);
        this.sweep = new StageSweep(stage);
        this.metrics = metrics;
        this.clock = clock;
        this.restoredCheckpoint = restoredCheckpoint.orElse(-1);
    }

    /**
     * Makes the tables that the job needs, so that a job that could never commit fails when it starts; and so does one
     * whose model gives other vectors here than those in its table.
     */
    void prepare() throws IOException, InterruptedException {
        if (!prepared) {
            GoldenVectors here = golden.get();
            try {
                session.run("prepare the tables", connection -> {
                    tables.prepare(connection, here);
                    return true;
                });
            } catch (SQLException e) {
                throw new IOException(
                        "Cannot prepare the tables of job " + job + ": " + e.getMessage()
                                + " Check the warehouse.* options and the grants in sql/setup.sql.",
                        e);
            }
            prepared = true;
        }
    }

    @Override
    public void commit(Collection<CommitRequest<StagedFile>> requests) throws IOException, InterruptedException {
        prepare();
        Map<Long, List<CommitRequest<StagedFile>>> byCheckpoint = requests.stream()
                .collect(Collectors.groupingBy(
                        r -> r.getCommittable().checkpointId(), TreeMap::new, Collectors.toList()));
        for (Map.Entry<Long, List<CommitRequest<StagedFile>>> checkpoint : byCheckpoint.entrySet()) {
            commit(checkpoint.getKey(), checkpoint.getValue());
        }
    }

    private void commit(long checkpointId, List<CommitRequest<StagedFile>> requests)
            throws IOException, InterruptedException {
        List<StagedFile> files =
                requests.stream().map(CommitRequest::getCommittable).toList();
        long begin = clock.relativeTimeNanos();
        CommitOutcome outcome;
        try {
            outcome = session.run(
                    "commit checkpoint " + checkpointId,
                    connection -> transaction.run(connection, checkpointId, files));
        } catch (SQLException e) {
            throw new IOException(
                    "Cannot commit checkpoint " + checkpointId + " of job " + job + ": " + e.getMessage()
                            + " Its files stay on the stage and the restarted job commits them. If this comes again,"
                            + " look for the statement in the query history by its tag, " + job + ".",
                    e);
        }
        for (CommitRequest<StagedFile> request : requests) {
            if (outcome.alreadyCommitted().contains(request.getCommittable().name())) {
                request.signalAlreadyCommitted();
            }
        }
        Duration took = Duration.ofNanos(clock.relativeTimeNanos() - begin);
        metrics.committed(outcome, took);
        LOG.info("Committed checkpoint {} of job {} in {}: {}", checkpointId, job, took, outcome);
        tidy(checkpointId, files);
    }

    /** Best effort: what stays on the stage now is swept later. */
    private void tidy(long checkpointId, List<StagedFile> files) throws InterruptedException {
        Instant now = Instant.ofEpochMilli(clock.absoluteTimeMillis());
        try {
            session.run("remove committed files", connection -> {
                stage.remove(connection, files.stream().map(StagedFile::name).toList());
                return true;
            });
            // Not before the files that a restored checkpoint names are all committed, however old they are.
            if (checkpointId > restoredCheckpoint && now.isAfter(nextSweep)) {
                int swept = session.run("sweep the stage", connection -> sweep.run(connection, now));
                LOG.info("Swept {} files of job {} from the stage", swept, job);
                nextSweep = now.plus(BETWEEN_SWEEPS);
            }
        } catch (SQLException e) {
            LOG.warn("Cannot tidy the stage of job {} now, trying again after a later commit: {}", job, e.toString());
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
