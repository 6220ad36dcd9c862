package dev.spindrift.local.warehouse;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A small committer: stages one document a checkpoint and commits it as the job's sink does. */
final class Checkpoints {
    private final Connection connection;
    private final Path folder;

    Checkpoints(Connection connection, Path folder) throws SQLException {
        this.connection = connection;
        this.folder = folder;
        execute("CREATE TRANSIENT TABLE IF NOT EXISTS STAGED_EMBEDDINGS_T (EMBEDDING_KEY VARCHAR, EMBEDDING ARRAY,"
                + " TOKENS NUMBER(10,0), FILE_NAME VARCHAR)");
        execute("CREATE TRANSIENT TABLE IF NOT EXISTS STAGED_DOCUMENTS_T (DOCUMENT_ID VARCHAR, VERSION NUMBER(38,0),"
                + " SEQUENCE NUMBER(38,0), EDITION VARCHAR, METADATA VARCHAR, SOURCE VARCHAR, FILE_NAME VARCHAR)");
    }

    /** Puts the checkpoint's files on the stage. */
    void stage(int checkpoint) throws SQLException {
        put(
                "e" + checkpoint,
                "SELECT 'k' || i AS embedding_key, [i, 0.5, -0.25, 1.0]::FLOAT[] AS embedding, 7 AS tokens"
                        + " FROM range(" + (checkpoint * 10) + ", " + (checkpoint * 10 + 15) + ") r(i)");
        put(
                "d" + checkpoint,
                "SELECT 'doc' || (i % 3) AS document_id, " + checkpoint + " AS version, i AS sequence, 'ed' || i AS"
                        + " edition, '{\"a\":' || i || '}' AS metadata, '{}' AS source FROM range(3) r(i)");
    }

    /** All of the checkpoint's transaction up to its COMMIT. False if the ledger holds it already; rolled back then. */
    boolean applyUntilCommit(int checkpoint) throws SQLException {
        execute("BEGIN");
        execute("UPDATE SINK_FENCE SET JOB = 'T', CHECKPOINT_ID = " + checkpoint
                + ", TAKEN_AT = SYSDATE() WHERE FENCE = 'DOCUMENTS'");
        if (count("SELECT COUNT(*) FROM SINK_LEDGER WHERE FILE_NAME IN ('e" + checkpoint + ".parquet')") > 0) {
            execute("ROLLBACK");
            return false;
        }
        execute("DELETE FROM STAGED_EMBEDDINGS_T");
        execute("DELETE FROM STAGED_DOCUMENTS_T");
        execute("COPY INTO STAGED_EMBEDDINGS_T (EMBEDDING_KEY, EMBEDDING, TOKENS, FILE_NAME)"
                + " FROM (SELECT $1:embedding_key::VARCHAR, $1:embedding::ARRAY, $1:tokens::NUMBER(10,0),"
                + " METADATA$FILENAME FROM @SPINDRIFT_STAGE/t/) FILES = ('e" + checkpoint + ".parquet')"
                + " FILE_FORMAT = (TYPE = PARQUET USE_VECTORIZED_SCANNER = TRUE) ON_ERROR = ABORT_STATEMENT FORCE ="
                + " TRUE");
        execute("COPY INTO STAGED_DOCUMENTS_T (DOCUMENT_ID, VERSION, SEQUENCE, EDITION, METADATA, SOURCE, FILE_NAME)"
                + " FROM (SELECT $1:document_id::VARCHAR, $1:version::NUMBER(38,0), $1:sequence::NUMBER(38,0),"
                + " $1:edition::VARCHAR, $1:metadata::VARCHAR, $1:source::VARCHAR, METADATA$FILENAME FROM"
                + " @SPINDRIFT_STAGE/t/) FILES = ('d" + checkpoint + ".parquet') FILE_FORMAT = (TYPE = PARQUET"
                + " USE_VECTORIZED_SCANNER = TRUE) ON_ERROR = ABORT_STATEMENT FORCE = TRUE");
        execute("INSERT INTO VECTORS (EMBEDDING_KEY, EMBEDDING, TOKENS) SELECT s.EMBEDDING_KEY,"
                + " s.EMBEDDING::VECTOR(FLOAT, 4), s.TOKENS FROM STAGED_EMBEDDINGS_T s WHERE NOT EXISTS (SELECT 1 FROM"
                + " VECTORS t WHERE t.EMBEDDING_KEY = s.EMBEDDING_KEY) QUALIFY ROW_NUMBER() OVER (PARTITION BY"
                + " s.EMBEDDING_KEY ORDER BY s.FILE_NAME) = 1");
        execute("MERGE INTO DOCUMENTS t USING (SELECT * FROM STAGED_DOCUMENTS_T QUALIFY ROW_NUMBER() OVER (PARTITION"
                + " BY DOCUMENT_ID ORDER BY VERSION DESC, SEQUENCE DESC, FILE_NAME DESC) = 1) s ON t.DOCUMENT_ID ="
                + " s.DOCUMENT_ID WHEN MATCHED AND (s.VERSION > t.VERSION OR (s.VERSION = t.VERSION AND s.SEQUENCE >"
                + " t.SEQUENCE)) THEN UPDATE SET VERSION = s.VERSION, SEQUENCE = s.SEQUENCE, EDITION = s.EDITION,"
                + " METADATA = PARSE_JSON(s.METADATA), CHECKPOINT_ID = " + checkpoint
                + " WHEN NOT MATCHED THEN INSERT (DOCUMENT_ID, VERSION, SEQUENCE, EDITION, DELETED, CHUNKS, TOKENS,"
                + " MEDIA_TYPE, METADATA, CONTENT_HASH, CHUNKER, SOURCE, UPDATED_AT, CHECKPOINT_ID) VALUES"
                + " (s.DOCUMENT_ID, s.VERSION, s.SEQUENCE, s.EDITION, FALSE, 0, 0, 'text/plain',"
                + " PARSE_JSON(s.METADATA), 'h', 'c', PARSE_JSON(s.SOURCE), SYSDATE(), " + checkpoint + ")");
        execute("INSERT INTO SINK_LEDGER (FILE_NAME, JOB, TABLE_NAME, ROW_COUNT, CHECKPOINT_ID, COMMITTED_AT) SELECT"
                + " column1, column2, column3, column4, column5, SYSDATE() FROM VALUES ('e" + checkpoint
                + ".parquet', 'T', 'VECTORS', 15, " + checkpoint + "), ('d" + checkpoint
                + ".parquet', 'T', 'DOCUMENTS', 3, " + checkpoint + ")");
        return true;
    }

    void commit() throws SQLException {
        execute("COMMIT");
    }

    long count(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void put(String name, String query) throws SQLException {
        Path file = Parquet.write(folder.resolve(name + ".parquet"), query);
        execute("PUT 'file://" + file + "' @SPINDRIFT_STAGE/t/ AUTO_COMPRESS = FALSE OVERWRITE = TRUE");
    }
}
