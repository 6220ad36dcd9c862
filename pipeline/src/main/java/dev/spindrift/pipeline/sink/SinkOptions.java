package dev.spindrift.pipeline.sink;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** How rows are staged and committed. */
public final class SinkOptions {

    public static final ConfigOption<String> JOB = ConfigOptions.key("sink.job")
            .stringType()
            .defaultValue("spindrift")
            .withDescription("Name of this job in the warehouse: its staging tables, its folder on the stage and its "
                    + "lines in the ledger carry it. Lower-case letters, digits and _. Two jobs that run at the same "
                    + "time need two names.");

    public static final ConfigOption<String> STAGE = ConfigOptions.key("sink.stage")
            .stringType()
            .defaultValue("SPINDRIFT_STAGE")
            .withDescription("Internal stage that the Parquet files pass through.");

    public static final ConfigOption<MemorySize> FILE_SIZE = ConfigOptions.key("sink.file-size")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(200))
            .withDescription("Size at which a file is closed before the checkpoint closes it. Snowflake loads files of "
                    + "100 to 250 MB best; smaller ones cost it time per file, larger ones cost this job disk.");

    public static final ConfigOption<Duration> COMMIT_TIMEOUT = ConfigOptions.key("sink.commit-timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("How long a commit or an upload that fails for a passing reason is tried again before the "
                    + "job is restarted. Keep it above 5 minutes, which is how long Snowflake leaves the lock of a "
                    + "committer that died.");

    public static final ConfigOption<String> TEMP_DIR = ConfigOptions.key("sink.temp-dir")
            .stringType()
            .noDefaultValue()
            .withDescription("Folder on each machine for files being written, up to four times sink.file-size per "
                    + "subtask; Java's temporary folder if not given.");

    private SinkOptions() {}
}
