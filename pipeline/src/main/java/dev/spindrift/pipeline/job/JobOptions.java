package dev.spindrift.pipeline.job;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** The options of the job as a whole. */
public final class JobOptions {
    public static final ConfigOption<Duration> CHECKPOINT_INTERVAL = key("checkpoint.interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("Time between checkpoints, each of which is one commit to the warehouse: how old search"
                    + " results may be. Keep it above what a commit takes; shorter costs more warehouse time.");

    private JobOptions() {}
}
