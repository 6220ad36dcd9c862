package dev.spindrift.pipeline.sink;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/**
 * How rows are staged and committed, checked.
 *
 * @param job lower-case name of this job in the warehouse
 * @param stage name of the internal stage
 * @param fileBytes size at which a file is closed early
 * @param commitTimeout how long passing failures are borne
 * @param tempDir folder for files being written
 */
public record SinkSettings(String job, String stage, long fileBytes, Duration commitTimeout, String tempDir)
        implements Serializable {

    private static final Pattern JOB = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern STAGE = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*){0,2}");

    /** Checks everything, and throws with one line per mistake. */
    public SinkSettings {
        List<String> mistakes = new ArrayList<>();
        // Both become part of SQL text, where no bind may stand.
        if (!JOB.matcher(job).matches()) {
            mistakes.add("Cannot use sink.job '" + job
                    + "': it names tables. Use lower-case letters, digits and _, a letter first, 63 at most.");
        }
        if (!STAGE.matcher(stage).matches()) {
            mistakes.add("Cannot use sink.stage '" + stage
                    + "': it is not an identifier. Use letters, digits and _, with database and schema before it if"
                    + " need be, without quotes.");
        }
        if (fileBytes < 1) {
            mistakes.add("Cannot use sink.file-size " + fileBytes + ": it is below one byte. Use 100mb to 250mb.");
        }
        if (commitTimeout.isNegative()) {
            mistakes.add("Cannot use sink.commit-timeout " + commitTimeout
                    + ": it is negative. Use 0s to never try again, or 10min.");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
    }

    /** Reads and checks the options of {@link SinkOptions}. */
    public static SinkSettings from(ReadableConfig config) {
        MemorySize fileSize = config.get(SinkOptions.FILE_SIZE);
        return new SinkSettings(
                config.get(SinkOptions.JOB),
                config.get(SinkOptions.STAGE),
                fileSize.getBytes(),
                config.get(SinkOptions.COMMIT_TIMEOUT),
                config.getOptional(SinkOptions.TEMP_DIR).orElse(System.getProperty("java.io.tmpdir")));
    }
}
