package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.warehouse.ModelTable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The SQL of the commit transaction. Names are put into the text, where no bind may stand: {@link SinkSettings} has
 * checked the job's and the stage's, and the rest are made here.
 */
final class CommitStatements {
    /** Snowflake's limit. */
    static final int MAX_FILES_PER_COPY = 1000;

    static final String TAKE_FENCE = """
            UPDATE SINK_FENCE SET JOB = ?, CHECKPOINT_ID = ?, HOLDER = ?, TAKEN_AT = SYSDATE()
            WHERE FENCE = 'DOCUMENTS'""";

    static final String FENCE_HOLDER = "SELECT HOLDER FROM SINK_FENCE WHERE FENCE = 'DOCUMENTS'";

    private final SinkSettings settings;
    private final ModelTable model;

    CommitStatements(SinkSettings settings, ModelTable model) {
        this.settings = settings;
        this.model = model;
    }

    String clear(StagedTable table) {
        return "DELETE FROM " + staging(table);
    }

    /**
     * FORCE, because the ledger decides what is loaded and not the load history of a staging table, which may or may
     * not outlive a rollback.
     */
    String copy(StagedTable table, List<StagedFile> files) {
        String copied = table.columns().stream().map(StagedColumn::copied).collect(Collectors.joining(", "));
        String names = files.stream().map(f -> "'" + f.shortName() + "'").collect(Collectors.joining(", "));
        return "COPY INTO " + staging(table) + " (" + table.columnNames() + ", FILE_NAME)\n"
                + "FROM (SELECT " + copied + ", METADATA$FILENAME FROM @" + settings.stage() + "/" + settings.job()
                + "/)\n"
                + "FILES = (" + names + ")\n"
                + "FILE_FORMAT = (TYPE = PARQUET USE_VECTORIZED_SCANNER = TRUE) ON_ERROR = ABORT_STATEMENT FORCE = TRUE";
    }

    String insertEmbeddings() {
        return """
                INSERT INTO %1$s (EMBEDDING_KEY, EMBEDDING, TOKENS)
                SELECT s.EMBEDDING_KEY, s.EMBEDDING::%2$s, s.TOKENS
                FROM %3$s s
                WHERE NOT EXISTS (SELECT 1 FROM %1$s t WHERE t.EMBEDDING_KEY = s.EMBEDDING_KEY)
                QUALIFY ROW_NUMBER() OVER (PARTITION BY s.EMBEDDING_KEY ORDER BY s.FILE_NAME) = 1""".formatted(model.name(), model.vectorType(), staging(StagedTable.EMBEDDINGS));
    }

    /** Binds: the checkpoint, twice. */
    String mergeDocuments() {
        return """
                MERGE INTO DOCUMENTS t USING (
                  SELECT * FROM %s
                  QUALIFY ROW_NUMBER() OVER (
                    PARTITION BY DOCUMENT_ID ORDER BY VERSION DESC, SEQUENCE DESC, FILE_NAME DESC) = 1
                ) s ON t.DOCUMENT_ID = s.DOCUMENT_ID
                WHEN MATCHED AND (s.VERSION > t.VERSION OR (s.VERSION = t.VERSION AND s.SEQUENCE > t.SEQUENCE))
                THEN UPDATE SET
                  VERSION = s.VERSION, SEQUENCE = s.SEQUENCE, EDITION = s.EDITION, DELETED = s.DELETED,
                  CHUNKS = s.CHUNKS, TOKENS = s.TOKENS, URI = s.URI, MEDIA_TYPE = s.MEDIA_TYPE,
                  METADATA = PARSE_JSON(s.METADATA), CONTENT_HASH = s.CONTENT_HASH, CHUNKER = s.CHUNKER,
                  SOURCE = PARSE_JSON(s.SOURCE), UPDATED_AT = SYSDATE(), CHECKPOINT_ID = ?
                WHEN NOT MATCHED THEN INSERT (
                  DOCUMENT_ID, VERSION, SEQUENCE, EDITION, DELETED, CHUNKS, TOKENS, URI, MEDIA_TYPE, METADATA,
                  CONTENT_HASH, CHUNKER, SOURCE, UPDATED_AT, CHECKPOINT_ID)
                VALUES (
                  s.DOCUMENT_ID, s.VERSION, s.SEQUENCE, s.EDITION, s.DELETED, s.CHUNKS, s.TOKENS, s.URI, s.MEDIA_TYPE,
                  PARSE_JSON(s.METADATA), s.CONTENT_HASH, s.CHUNKER, PARSE_JSON(s.SOURCE), SYSDATE(), ?)""".formatted(staging(StagedTable.DOCUMENTS));
    }

    /** Not the chunks of an edition that the current one has replaced already, however late they come. */
    String insertChunks() {
        return """
                INSERT INTO CHUNKS (
                  DOCUMENT_ID, VERSION, SEQUENCE, EDITION, POSITION, TEXT, START_OFFSET, END_OFFSET, HEADING, TOKENS,
                  EMBEDDING_KEY)
                SELECT
                  s.DOCUMENT_ID, s.VERSION, s.SEQUENCE, s.EDITION, s.POSITION, s.TEXT, s.START_OFFSET, s.END_OFFSET,
                  s.HEADING, s.TOKENS, s.EMBEDDING_KEY
                FROM %s s
                WHERE NOT EXISTS (
                    SELECT 1 FROM CHUNKS t
                    WHERE t.DOCUMENT_ID = s.DOCUMENT_ID AND t.EDITION = s.EDITION AND t.POSITION = s.POSITION)
                  AND NOT EXISTS (
                    SELECT 1 FROM DOCUMENTS d
                    WHERE d.DOCUMENT_ID = s.DOCUMENT_ID AND d.EDITION <> s.EDITION
                      AND (d.VERSION > s.VERSION OR (d.VERSION = s.VERSION AND d.SEQUENCE >= s.SEQUENCE)))
                QUALIFY ROW_NUMBER() OVER (
                  PARTITION BY s.DOCUMENT_ID, s.EDITION, s.POSITION ORDER BY s.FILE_NAME) = 1""".formatted(staging(StagedTable.CHUNKS));
    }

    /** Of the staged documents only, and never the chunks of an edition newer than the current one: it is arriving. */
    String deleteReplacedChunks() {
        return """
                DELETE FROM CHUNKS USING (
                  SELECT DOCUMENT_ID, VERSION, SEQUENCE, EDITION FROM DOCUMENTS
                  WHERE DOCUMENT_ID IN (SELECT DOCUMENT_ID FROM %s)
                ) d
                WHERE CHUNKS.DOCUMENT_ID = d.DOCUMENT_ID AND CHUNKS.EDITION <> d.EDITION
                  AND (CHUNKS.VERSION < d.VERSION OR (CHUNKS.VERSION = d.VERSION AND CHUNKS.SEQUENCE <= d.SEQUENCE))""".formatted(staging(StagedTable.DOCUMENTS));
    }

    String deleteRejectedChunks() {
        return """
                DELETE FROM CHUNKS USING (
                  SELECT DISTINCT r.DOCUMENT_ID, r.EDITION FROM %s r
                  WHERE r.EDITION IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM DOCUMENTS d WHERE d.DOCUMENT_ID = r.DOCUMENT_ID AND d.EDITION = r.EDITION)
                ) r
                WHERE CHUNKS.DOCUMENT_ID = r.DOCUMENT_ID AND CHUNKS.EDITION = r.EDITION""".formatted(staging(StagedTable.REJECTED));
    }

    /** Binds: the checkpoint. */
    String insertRejected() {
        return """
                INSERT INTO REJECTED_DOCUMENTS (
                  REJECTION_KEY, DOCUMENT_ID, VERSION, EDITION, POSITION, STAGE, REASON, PAYLOAD, PAYLOAD_ENCODING,
                  PAYLOAD_BYTES, SOURCE, REJECTED_AT, CHECKPOINT_ID)
                SELECT
                  s.REJECTION_KEY, s.DOCUMENT_ID, s.VERSION, s.EDITION, s.POSITION, s.STAGE, s.REASON, s.PAYLOAD,
                  s.PAYLOAD_ENCODING, s.PAYLOAD_BYTES, PARSE_JSON(s.SOURCE), SYSDATE(), ?
                FROM %s s
                WHERE NOT EXISTS (SELECT 1 FROM REJECTED_DOCUMENTS t WHERE t.REJECTION_KEY = s.REJECTION_KEY)
                QUALIFY ROW_NUMBER() OVER (PARTITION BY s.REJECTION_KEY ORDER BY s.FILE_NAME) = 1""".formatted(staging(StagedTable.REJECTED));
    }

    private String staging(StagedTable table) {
        return table.stagingTable(settings.job());
    }
}
