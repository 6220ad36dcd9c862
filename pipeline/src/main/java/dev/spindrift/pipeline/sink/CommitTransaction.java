package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.warehouse.ModelTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * The commit protocol: the staged files of one checkpoint become rows in one transaction, once, however often and by
 * whomever it is tried.
 *
 * <p>What it rests on:
 *
 * <ul>
 *   <li>A staged file has a name that is never used again, and is whole and unchanging before a committer hears of it.
 *   <li>All files of a checkpoint come in one call. A document's row is in no earlier checkpoint than its chunks and
 *       their vectors, so each commit leaves the tables whole.
 *   <li>An edition's name stands for one record: no other version, sequence or content has it.
 *   <li>Flink may call again for files that are committed (after a crash, or when the answer to {@code COMMIT} was
 *       lost), may start a second committer while a first one that it holds for dead still runs, and may use a
 *       checkpoint's number again after a rewind. Other jobs may write the same tables.
 *   <li>Snowflake reads committed data, holds the lock of an updated row's table to the end of the transaction, and
 *       enforces no keys.
 * </ul>
 *
 * <p>The steps, on one connection:
 *
 * <ol>
 *   <li><b>Fence.</b> The first statement updates the one row of {@code SINK_FENCE}. Whoever else commits to these
 *       tables waits there, and sees what this transaction did when its turn comes.
 *   <li><b>Ledger.</b> Files that {@code SINK_LEDGER} holds are committed: they are left out. If none remain, done.
 *   <li><b>Load.</b> The job's own staging tables are emptied and the files copied into them. Each file must bring as
 *       many rows as its writer wrote.
 *   <li><b>Apply.</b> Each row by its key and with a guard, so that rows which a rewound job sends again, in other
 *       files, change nothing: vectors whose key is not there; documents that are newer than what is there; chunks that
 *       are not there and whose edition is not replaced already; then away with the chunks of the editions that these
 *       documents replaced, and of those that were rejected.
 *   <li><b>Record.</b> The files go into the ledger, if the fence is still ours. {@code COMMIT}.
 * </ol>
 *
 * <p>On any failure all of it is rolled back and the caller may begin again. If the failure hid the outcome of the
 * {@code COMMIT}, beginning again finds it in the ledger. There is no DDL inside, which would commit half of it, and no
 * file operation, which could not be rolled back.
 */
final class CommitTransaction {
    private final CommitStatements statements;
    private final CommitLedger ledger;
    private final String job;

    CommitTransaction(SinkSettings settings, ModelTable model) {
        this.statements = new CommitStatements(settings, model);
        this.ledger = new CommitLedger();
        this.job = settings.job();
    }

    /**
     * Commits those of {@code files} that are not committed yet; when it returns, all are.
     *
     * @param connection without an open transaction; none is open afterwards, unless a failure took the connection
     */
    CommitOutcome run(Connection connection, long checkpointId, List<StagedFile> files) throws SQLException {
        begin(connection, checkpointId);
        try {
            String holder = takeFence(connection, checkpointId);
            Set<String> committed = ledger.held(connection, files);
            List<StagedFile> open =
                    files.stream().filter(f -> !committed.contains(f.name())).toList();
            if (open.isEmpty()) {
                connection.rollback();
                return CommitOutcome.nothing(committed);
            }
            load(connection, open);
            CommitOutcome outcome = apply(connection, checkpointId, open, committed);
            ledger.record(connection, job, checkpointId, open);
            checkFence(connection, holder);
            connection.commit();
            return outcome;
        } catch (SQLException | RuntimeException failure) {
            rollBack(connection, failure);
            throw failure;
        }
    }

    /**
     * With autocommit off, nothing is ever applied outside a transaction, not even when Snowflake ends ours behind our
     * back: what follows then opens another, which {@link #checkFence} finds out.
     */
    private void begin(Connection connection, long checkpointId) throws SQLException {
        if (connection.getAutoCommit()) {
            connection.setAutoCommit(false);
        }
        // The name is for people who look at SHOW TRANSACTIONS.
        execute(connection, "BEGIN TRANSACTION NAME " + job + "_" + checkpointId);
    }

    /** Locks the fence under a name of this attempt's own, and returns the name. */
    private String takeFence(Connection connection, long checkpointId) throws SQLException {
        String holder = UUID.randomUUID().toString();
        if (execute(connection, CommitStatements.TAKE_FENCE, job, checkpointId, holder) != 1) {
            throw new IllegalStateException("Cannot commit: SINK_FENCE has no row 'DOCUMENTS'. Run sql/setup.sql.");
        }
        return holder;
    }

    private static void checkFence(Connection connection, String holder) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(CommitStatements.FENCE_HOLDER);
                ResultSet rows = query.executeQuery()) {
            if (!rows.next() || !holder.equals(rows.getString(1))) {
                throw new IllegalStateException("Cannot commit: the transaction was ended from outside before its"
                        + " COMMIT. Nothing of it is in the tables, and the restarted job does it again.");
            }
        }
    }

    private void load(Connection connection, List<StagedFile> files) throws SQLException {
        for (StagedTable table : StagedTable.values()) {
            List<StagedFile> ofTable =
                    files.stream().filter(f -> f.table() == table).toList();
            if (!ofTable.isEmpty()) {
                execute(connection, statements.clear(table));
            }
            for (int from = 0; from < ofTable.size(); from += CommitStatements.MAX_FILES_PER_COPY) {
                int to = Math.min(ofTable.size(), from + CommitStatements.MAX_FILES_PER_COPY);
                copy(connection, table, ofTable.subList(from, to));
            }
        }
    }

    private void copy(Connection connection, StagedTable table, List<StagedFile> files) throws SQLException {
        Map<String, Long> loaded = new HashMap<>();
        try (PreparedStatement copy = connection.prepareStatement(statements.copy(table, files));
                ResultSet rows = copy.executeQuery()) {
            boolean perFile = rows.getMetaData().getColumnCount() > 1; // else one line says that no file was loaded
            while (perFile && rows.next()) {
                String file = Objects.requireNonNull(rows.getString("file"));
                loaded.put(file.substring(file.lastIndexOf('/') + 1), rows.getLong("rows_loaded"));
            }
        }
        for (StagedFile file : files) {
            Long rows = loaded.get(file.shortName());
            if (rows == null || rows != file.rows()) {
                throw new IllegalStateException("Cannot commit staged file " + file.name() + ": it brought "
                        + (rows == null ? "no" : rows) + " rows, but its writer wrote " + file.rows()
                        + ". The file on the stage is not what was uploaded. Restore it from a backup of the stage,"
                        + " or restart the job from a savepoint before checkpoint " + file.checkpointId()
                        + ", which writes its rows again.");
            }
        }
    }

    private CommitOutcome apply(
            Connection connection, long checkpointId, List<StagedFile> files, Set<String> alreadyCommitted)
            throws SQLException {
        long vectors = 0;
        long documents = 0;
        long chunks = 0;
        long rejected = 0;
        long stagedDocuments = rows(files, StagedTable.DOCUMENTS);
        if (rows(files, StagedTable.EMBEDDINGS) > 0) {
            vectors = execute(connection, statements.insertEmbeddings());
        }
        // Before the chunks, whose guard looks at the documents as they will be.
        if (stagedDocuments > 0) {
            documents = execute(connection, statements.mergeDocuments(), checkpointId, checkpointId);
        }
        if (rows(files, StagedTable.CHUNKS) > 0) {
            chunks = execute(connection, statements.insertChunks());
        }
        if (stagedDocuments > 0) {
            execute(connection, statements.deleteReplacedChunks());
        }
        if (rows(files, StagedTable.REJECTED) > 0) {
            execute(connection, statements.deleteRejectedChunks());
            rejected = execute(connection, statements.insertRejected(), checkpointId);
        }
        return new CommitOutcome(
                files.size(), alreadyCommitted, documents, stagedDocuments - documents, chunks, vectors, rejected);
    }

    private static long rows(List<StagedFile> files, StagedTable table) {
        return files.stream()
                .filter(f -> f.table() == table)
                .mapToLong(StagedFile::rows)
                .sum();
    }

    private static long execute(Connection connection, String sql, Object... binds) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < binds.length; i++) {
                statement.setObject(i + 1, binds[i]);
            }
            return statement.executeUpdate();
        }
    }

    private static void rollBack(Connection connection, Exception failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The session is gone, and Snowflake rolls back what a lost session left.
            failure.addSuppressed(e);
        }
    }
}
