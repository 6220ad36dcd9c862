package dev.spindrift.pipeline.cli;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How much is in the tables: what has been committed, whatever the job's own counters say after a restart.
 *
 * @param documents live documents
 * @param chunks chunk rows
 * @param vectors distinct texts embedded
 * @param duplicates chunk rows that share the vector of another one
 * @param rejected rejected records
 */
record TableCounts(long documents, long chunks, long vectors, long duplicates, long rejected) {

    static TableCounts read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (SELECT COUNT(*) FROM DOCUMENTS WHERE NOT DELETED),"
                        + " (SELECT COUNT(*) FROM CHUNKS), (SELECT COUNT(*) FROM EMBEDDINGS_BUILTIN),"
                        + " (SELECT COUNT(*) - COUNT(DISTINCT EMBEDDING_KEY) FROM CHUNKS),"
                        + " (SELECT COUNT(*) FROM REJECTED_DOCUMENTS)")) {
            row.next();
            return new TableCounts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
        }
    }
}
