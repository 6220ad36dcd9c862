package dev.spindrift.pipeline.sink;

import java.time.Duration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What was committed since the committer started. */
final class CommitMetrics {
    private final Counter commits;
    private final Counter files;
    private final Counter documentsCommitted;
    private final Counter documentsSuperseded;
    private final Counter chunksCommitted;
    private final Counter vectorsCommitted;
    private final Counter rejectedCommitted;
    private volatile long lastCommitMillis;

    CommitMetrics(MetricGroup group, Gauge<Long> commitRetries) {
        this.commits = group.counter("commits");
        this.files = group.counter("filesCommitted");
        this.documentsCommitted = group.counter("documentsCommitted");
        this.documentsSuperseded = group.counter("documentsSuperseded");
        this.chunksCommitted = group.counter("chunksCommitted");
        this.vectorsCommitted = group.counter("vectorsCommitted");
        this.rejectedCommitted = group.counter("rejectedCommitted");
        group.gauge("lastCommitMillis", () -> lastCommitMillis);
        group.gauge("commitRetries", commitRetries);
    }

    void committed(CommitOutcome outcome, Duration took) {
        lastCommitMillis = took.toMillis();
        if (outcome.files() > 0) {
            commits.inc();
        }
        files.inc(outcome.files());
        documentsCommitted.inc(outcome.documents());
        documentsSuperseded.inc(outcome.superseded());
        chunksCommitted.inc(outcome.chunks());
        vectorsCommitted.inc(outcome.vectors());
        rejectedCommitted.inc(outcome.rejected());
    }
}
