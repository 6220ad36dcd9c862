package dev.spindrift.pipeline.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The table that says which staged files are in the tables. It is written in the transaction that brings their rows,
 * and so it answers, at any later time, whether that transaction took place.
 *
 * <p>It knows files by their unique names and not by their checkpoints, whose numbers come again after a rewind.
 */
final class CommitLedger {
    private static final int NAMES_PER_QUERY = 1000;
    private static final int ROWS_PER_INSERT = 200;

    /** Those of {@code files} whose rows are in the tables. */
    Set<String> held(Connection connection, Collection<StagedFile> files) throws SQLException {
        return heldNames(connection, files.stream().map(StagedFile::name).toList());
    }

    /** Those of {@code names} whose rows are in the tables. */
    Set<String> heldNames(Connection connection, List<String> names) throws SQLException {
        Set<String> held = new HashSet<>();
        for (int from = 0; from < names.size(); from += NAMES_PER_QUERY) {
            List<String> some = names.subList(from, Math.min(names.size(), from + NAMES_PER_QUERY));
            String marks = String.join(", ", Collections.nCopies(some.size(), "?"));
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT FILE_NAME FROM SINK_LEDGER WHERE FILE_NAME IN (" + marks + ")")) {
                for (int i = 0; i < some.size(); i++) {
                    query.setString(i + 1, some.get(i));
                }
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        held.add(rows.getString(1));
                    }
                }
            }
        }
        return held;
    }

    /**
     * Notes that the open transaction brings the rows of {@code files}.
     *
     * <p>Rows of binds and not an array bind: a large one would make the driver create a stage, which is DDL.
     */
    void record(Connection connection, String job, long checkpointId, List<StagedFile> files) throws SQLException {
        for (int from = 0; from < files.size(); from += ROWS_PER_INSERT) {
            List<StagedFile> some = files.subList(from, Math.min(files.size(), from + ROWS_PER_INSERT));
            String rows = String.join(", ", Collections.nCopies(some.size(), "(?, ?, ?, ?, ?, SYSDATE())"));
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO SINK_LEDGER (FILE_NAME, JOB, TABLE_NAME, ROW_COUNT, CHECKPOINT_ID, COMMITTED_AT)"
                            + " VALUES " + rows)) {
                int bind = 1;
                for (StagedFile file : some) {
                    insert.setString(bind++, file.name());
                    insert.setString(bind++, job);
                    insert.setString(bind++, file.table().name());
                    insert.setLong(bind++, file.rows());
                    insert.setLong(bind++, checkpointId);
                }
                insert.executeUpdate();
            }
        }
    }
}
