package dev.spindrift.pipeline.job;

import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What the job asks of Flink, whatever the cluster's own configuration says, because correctness rests on it; and what
 * it asks only where the cluster says nothing.
 */
record CheckpointSettings(Duration interval) {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** Fixed from the first day: state is dealt out in this many groups of keys and can never be more parallel. */
    static final int MAX_PARALLELISM = 720;

    /** A barrier waits behind a commit, and a commit may wait for locks and retries. */
    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    static CheckpointSettings from(ReadableConfig config) {
        Duration interval = config.get(JobOptions.CHECKPOINT_INTERVAL);
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "Cannot use checkpoint.interval " + interval.toMillis() + " ms: it must be 100ms or more.");
        }
        return new CheckpointSettings(interval);
    }

    void configure(StreamExecutionEnvironment environment) {
        ReadableConfig cluster = environment.getConfiguration();
        Configuration ours = new Configuration();
        ours.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
        ours.set(PipelineOptions.GENERIC_TYPES, false);
        ours.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        ours.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
        ours.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        ours.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, interval.dividedBy(2));
        ours.set(CheckpointingOptions.MAX_CONCURRENT_CHECKPOINTS, 1);
        ours.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, TIMEOUT);
        ours.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        // An unaligned barrier overtakes rows on their way to the sink, but not the document row that was emitted
        // because of them: the row could be committed one checkpoint before its chunks.
        ours.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        ours.set(CheckpointingOptions.FORCE_UNALIGNED, false);
        if (cluster.getOptional(StateBackendOptions.STATE_BACKEND).isEmpty()) {
            ours.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
            ours.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        }
        environment.configure(ours);
    }
}
