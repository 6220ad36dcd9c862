package dev.spindrift.pipeline.sink;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Removes from the stage what no commit will ask for: files that are committed, and files that a dead attempt left.
 *
 * <p>Nobody can know from the stage alone whether a file is left over or named by a savepoint that someone may still
 * restore, so a file that is not in the ledger stays for a week.
 */
final class StageSweep {
    static final Duration KEPT = Duration.ofDays(7);

    private final Stage stage;
    private final CommitLedger ledger = new CommitLedger();

    StageSweep(Stage stage) {
        this.stage = stage;
    }

    /** Sweeps, and returns how many files went. */
    int run(Connection connection, Instant now) throws SQLException {
        List<Stage.StoredFile> files = stage.list(connection);
        Set<String> committed = ledger.heldNames(
                connection, files.stream().map(Stage.StoredFile::name).toList());
        List<String> leaving = files.stream()
                .filter(f ->
                        committed.contains(f.name()) || f.modified().plus(KEPT).isBefore(now))
                .map(Stage.StoredFile::name)
                .toList();
        stage.remove(connection, leaving);
        return leaving.size();
    }
}
