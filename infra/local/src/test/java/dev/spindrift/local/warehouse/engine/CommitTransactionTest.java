package dev.spindrift.local.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statements of the sink's commit, as docs and code of the pipeline send them. */
final class CommitTransactionTest {
    private static final String STAGE = "SPINDRIFT.PUBLIC.SPINDRIFT_STAGE";
    private static final String FENCE =
            "UPDATE SINK_FENCE SET JOB = ?, CHECKPOINT_ID = ?, TAKEN_AT = SYSDATE() WHERE FENCE = 'DOCUMENTS'";

    @TempDir
    private Path folder;

    private static void createStaging(WarehouseFixture warehouse) {
        warehouse.run(
                "CREATE TRANSIENT TABLE IF NOT EXISTS STAGED_EMBEDDINGS_J (EMBEDDING_KEY VARCHAR, EMBEDDING ARRAY,"
                        + " TOKENS NUMBER(10,0), FILE_NAME VARCHAR)");
        warehouse.run(
                "CREATE TRANSIENT TABLE IF NOT EXISTS STAGED_DOCUMENTS_J (DOCUMENT_ID VARCHAR, VERSION NUMBER(38,0),"
                        + " SEQUENCE NUMBER(38,0), EDITION VARCHAR, DELETED BOOLEAN, CHUNKS NUMBER(10,0), METADATA VARCHAR,"
                        + " SOURCE VARCHAR, UPDATED_AT TIMESTAMP_NTZ, FILE_NAME VARCHAR)");
        warehouse.run("CREATE TRANSIENT TABLE IF NOT EXISTS STAGED_CHUNKS_J (DOCUMENT_ID VARCHAR, VERSION NUMBER(38,0),"
                + " SEQUENCE NUMBER(38,0), EDITION VARCHAR, POSITION NUMBER(10,0), TEXT VARCHAR, EMBEDDING_KEY VARCHAR,"
                + " FILE_NAME VARCHAR)");
    }

    private static void stageFiles(WarehouseFixture warehouse, String suffix, int version, int chunks) {
        warehouse.stage(
                STAGE,
                "j/embeddings-" + suffix + ".parquet",
                "SELECT 'k' || i AS embedding_key, list_transform(range(256), lambda x: (x + i)::FLOAT) AS embedding,"
                        + " 5::BIGINT AS tokens FROM range(" + chunks + ") t(i)");
        warehouse.stage(
                STAGE,
                "j/documents-" + suffix + ".parquet",
                "SELECT 'doc' AS document_id, " + version + "::BIGINT AS version, 7::BIGINT AS sequence, 'e" + version
                        + "' AS edition, false AS deleted, " + chunks + " AS chunks, '{\"a\":null}' AS metadata,"
                        + " '{\"offset\":12345678901234567890}' AS source, TIMESTAMP '2026-01-02 03:04:05.678' AS"
                        + " updated_at");
        warehouse.stage(
                STAGE,
                "j/chunks-" + suffix + ".parquet",
                "SELECT 'doc' AS document_id, " + version + "::BIGINT AS version, 7::BIGINT AS sequence, 'e" + version
                        + "' AS edition, i AS position, 'text ' || i AS text, 'k' || i AS embedding_key FROM range("
                        + chunks + ") t(i)");
    }

    /** Runs the transaction; the rows that COPY reported for the vectors. */
    private static List<List<Object>> commit(WarehouseFixture warehouse, String suffix, String checkpoint) {
        warehouse.run("START TRANSACTION NAME spindrift_1");
        assertThat(warehouse.rows(FENCE, WarehouseFixture.text("j"), WarehouseFixture.fixed(checkpoint)))
                .isEqualTo(List.of(List.of(1L, 0L)));
        warehouse.rows("SELECT FILE_NAME FROM SINK_LEDGER WHERE FILE_NAME IN (?)", WarehouseFixture.text("x"));
        warehouse.run("DELETE FROM STAGED_EMBEDDINGS_J");
        warehouse.run("DELETE FROM STAGED_DOCUMENTS_J");
        warehouse.run("DELETE FROM STAGED_CHUNKS_J");
        List<List<Object>> report = WarehouseFixture.rows(warehouse.run("""
                COPY INTO STAGED_EMBEDDINGS_J (EMBEDDING_KEY, EMBEDDING, TOKENS, FILE_NAME)
                FROM (SELECT $1:embedding_key::VARCHAR, $1:embedding::ARRAY, $1:tokens::NUMBER(10,0), METADATA$FILENAME
                  FROM @SPINDRIFT_STAGE/j/)
                FILES = ('embeddings-%s.parquet')
                FILE_FORMAT = (TYPE = PARQUET USE_VECTORIZED_SCANNER = TRUE) ON_ERROR = ABORT_STATEMENT FORCE = TRUE
                """.formatted(suffix)));
        warehouse.run("""
                COPY INTO STAGED_DOCUMENTS_J
                FROM (SELECT $1:document_id::VARCHAR, $1:version::NUMBER(38,0), $1:sequence::NUMBER(38,0),
                  $1:edition::VARCHAR, $1:deleted::BOOLEAN, $1:chunks::NUMBER(10,0), $1:metadata::VARCHAR,
                  $1:source::VARCHAR, $1:updated_at::TIMESTAMP_NTZ, METADATA$FILENAME FROM @SPINDRIFT_STAGE/j/)
                FILES = ('documents-%s.parquet') FILE_FORMAT = (TYPE = PARQUET) FORCE = TRUE
                """.formatted(suffix));
        warehouse.run("""
                COPY INTO STAGED_CHUNKS_J
                FROM (SELECT $1:document_id::VARCHAR, $1:version::NUMBER(38,0), $1:sequence::NUMBER(38,0),
                  $1:edition::VARCHAR, $1:position::NUMBER(10,0), $1:text::VARCHAR, $1:embedding_key::VARCHAR,
                  METADATA$FILENAME FROM @SPINDRIFT_STAGE/j/)
                FILES = ('chunks-%s.parquet') FILE_FORMAT = (TYPE = PARQUET) FORCE = TRUE
                """.formatted(suffix));
        apply(warehouse);
        warehouse.run(
                "INSERT INTO SINK_LEDGER (FILE_NAME, JOB, TABLE_NAME, ROW_COUNT, CHECKPOINT_ID, COMMITTED_AT)"
                        + " SELECT ?, ?, ?, ?, ?, SYSDATE() WHERE NOT EXISTS (SELECT 1 FROM SINK_LEDGER WHERE FILE_NAME ="
                        + " ?)",
                WarehouseFixture.text("chunks-" + suffix),
                WarehouseFixture.text("j"),
                WarehouseFixture.text("CHUNKS"),
                WarehouseFixture.fixed("3"),
                WarehouseFixture.fixed(checkpoint),
                WarehouseFixture.text("chunks-" + suffix));
        warehouse.run("COMMIT");
        return report;
    }

    private static void apply(WarehouseFixture warehouse) {
        warehouse.run("""
                INSERT INTO EMBEDDINGS_BUILTIN (EMBEDDING_KEY, EMBEDDING, TOKENS)
                SELECT s.EMBEDDING_KEY, s.EMBEDDING::VECTOR(FLOAT, 256), s.TOKENS FROM STAGED_EMBEDDINGS_J s
                WHERE NOT EXISTS (SELECT 1 FROM EMBEDDINGS_BUILTIN t WHERE t.EMBEDDING_KEY = s.EMBEDDING_KEY)
                QUALIFY ROW_NUMBER() OVER (PARTITION BY s.EMBEDDING_KEY ORDER BY s.FILE_NAME) = 1
                """);
        warehouse.run("""
                MERGE INTO DOCUMENTS t USING (SELECT * FROM STAGED_DOCUMENTS_J QUALIFY ROW_NUMBER() OVER (
                    PARTITION BY DOCUMENT_ID ORDER BY VERSION DESC, SEQUENCE DESC, FILE_NAME DESC) = 1) s
                ON t.DOCUMENT_ID = s.DOCUMENT_ID
                WHEN MATCHED AND (s.VERSION > t.VERSION OR (s.VERSION = t.VERSION AND s.SEQUENCE > t.SEQUENCE)) THEN
                  UPDATE SET VERSION = s.VERSION, SEQUENCE = s.SEQUENCE, EDITION = s.EDITION, DELETED = s.DELETED,
                    CHUNKS = s.CHUNKS, METADATA = PARSE_JSON(s.METADATA), SOURCE = PARSE_JSON(s.SOURCE),
                    UPDATED_AT = s.UPDATED_AT
                WHEN NOT MATCHED THEN INSERT (DOCUMENT_ID, VERSION, SEQUENCE, EDITION, DELETED, CHUNKS, TOKENS,
                    MEDIA_TYPE, METADATA, CONTENT_HASH, CHUNKER, SOURCE, UPDATED_AT, CHECKPOINT_ID)
                  VALUES (s.DOCUMENT_ID, s.VERSION, s.SEQUENCE, s.EDITION, s.DELETED, s.CHUNKS, 5, 'text/plain',
                    PARSE_JSON(s.METADATA), 'h', 'c', PARSE_JSON(s.SOURCE), s.UPDATED_AT, 1)
                """);
        warehouse.run("""
                INSERT INTO CHUNKS (DOCUMENT_ID, VERSION, SEQUENCE, EDITION, POSITION, TEXT, START_OFFSET, END_OFFSET,
                  HEADING, TOKENS, EMBEDDING_KEY)
                SELECT s.DOCUMENT_ID, s.VERSION, s.SEQUENCE, s.EDITION, s.POSITION, s.TEXT, 0, 1, '', 5, s.EMBEDDING_KEY
                FROM STAGED_CHUNKS_J s
                WHERE NOT EXISTS (SELECT 1 FROM CHUNKS t WHERE t.DOCUMENT_ID = s.DOCUMENT_ID AND t.EDITION = s.EDITION
                    AND t.POSITION = s.POSITION)
                  AND NOT EXISTS (SELECT 1 FROM DOCUMENTS d WHERE d.DOCUMENT_ID = s.DOCUMENT_ID
                    AND d.EDITION <> s.EDITION
                    AND (d.VERSION > s.VERSION OR (d.VERSION = s.VERSION AND d.SEQUENCE > s.SEQUENCE)))
                QUALIFY ROW_NUMBER() OVER (PARTITION BY s.DOCUMENT_ID, s.EDITION, s.POSITION ORDER BY s.FILE_NAME) = 1
                """);
        warehouse.run("""
                DELETE FROM CHUNKS c USING DOCUMENTS d, STAGED_DOCUMENTS_J s
                WHERE c.DOCUMENT_ID = d.DOCUMENT_ID AND s.DOCUMENT_ID = d.DOCUMENT_ID AND c.EDITION <> d.EDITION
                  AND (d.VERSION > c.VERSION OR (d.VERSION = c.VERSION AND d.SEQUENCE > c.SEQUENCE))
                """);
    }

    private static void verify(WarehouseFixture warehouse) {
        for (String statement : warehouse.session().split(WarehouseFixture.sqlFile("verify.sql"))) {
            assertThat(warehouse.cell(statement)).as(statement).isEqualTo(0L);
        }
    }

    @Test
    void commitsOnceHoweverOftenItRuns() {
        try (WarehouseFixture warehouse = WarehouseFixture.withSetup(folder)) {
            createStaging(warehouse);
            stageFiles(warehouse, "a", 1, 3);
            List<List<Object>> report = commit(warehouse, "a", "1");
            assertThat(report).hasSize(1);
            assertThat(report.get(0).subList(0, 4)).isEqualTo(List.of("j/embeddings-a.parquet", "LOADED", 3L, 3L));
            commit(warehouse, "a", "1");
            verify(warehouse);
            assertThat(warehouse.cell("SELECT COUNT(*) FROM CHUNKS")).isEqualTo(3L);
            assertThat(warehouse.cell("SELECT COUNT(*) FROM EMBEDDINGS_BUILTIN"))
                    .isEqualTo(3L);
            assertThat(warehouse.cell("SELECT SOURCE:offset::VARCHAR FROM DOCUMENTS"))
                    .isEqualTo("12345678901234567890");
            float[] vector =
                    (float[]) warehouse.cell("SELECT EMBEDDING FROM EMBEDDINGS_BUILTIN WHERE EMBEDDING_KEY = 'k2'");
            assertThat(vector).hasSize(256).startsWith(2f, 3f).endsWith(257f);
        }
    }

    @Test
    void replacesAnEditionAndNeverGoesBack() {
        try (WarehouseFixture warehouse = WarehouseFixture.withSetup(folder)) {
            createStaging(warehouse);
            stageFiles(warehouse, "a", 1, 3);
            stageFiles(warehouse, "b", 2, 2);
            commit(warehouse, "a", "1");
            commit(warehouse, "b", "2");
            commit(warehouse, "a", "3");
            verify(warehouse);
            assertThat(warehouse.rows("SELECT EDITION, POSITION FROM CHUNKS ORDER BY POSITION"))
                    .isEqualTo(
                            List.of(List.of("e2", java.math.BigDecimal.ZERO), List.of("e2", java.math.BigDecimal.ONE)));
            warehouse.restart();
            assertThat(warehouse.cell("SELECT VERSION::VARCHAR FROM DOCUMENTS")).isEqualTo("2");
        }
    }

    @Test
    void letsCommittersTakeTurnsAtTheFence() throws Exception {
        try (WarehouseFixture warehouse = WarehouseFixture.withSetup(folder);
                SqlSession first = warehouse.open();
                SqlSession second = warehouse.open()) {
            String take = "UPDATE SINK_FENCE SET CHECKPOINT_ID = COALESCE(CHECKPOINT_ID, 0) + 1";
            warehouse.run(first, "BEGIN");
            warehouse.run(second, "BEGIN");
            warehouse.run(first, take);
            CompletableFuture<List<List<Object>>> waiting = CompletableFuture.supplyAsync(() -> {
                warehouse.run(second, take);
                return warehouse.rows(second, "SELECT CHECKPOINT_ID::VARCHAR FROM SINK_FENCE");
            });
            warehouse.run(first, "INSERT INTO MODELS VALUES ('m', 'f', 1, 'fp32', 't', 'ACTIVE', NULL, SYSDATE())");
            assertThat(waiting).isNotDone();
            warehouse.run(first, "COMMIT");
            assertThat(waiting.get()).isEqualTo(List.of(List.of("2")));
            assertThat(warehouse.rows(second, "SELECT COUNT(*) FROM MODELS")).isEqualTo(List.of(List.of(1L)));
            warehouse.run(second, "COMMIT");
        }
    }

    @Test
    void refusesAVectorInADirectCopy() {
        try (WarehouseFixture warehouse = WarehouseFixture.withSetup(folder)) {
            stageFiles(warehouse, "a", 1, 3);
            assertThatThrownBy(
                            () -> warehouse.run("COPY INTO EMBEDDINGS_BUILTIN FROM (SELECT $1:embedding_key::VARCHAR,"
                                    + " $1:embedding::VECTOR(FLOAT, 256), 1 FROM @SPINDRIFT_STAGE/j/)"
                                    + " FILES = ('embeddings-a.parquet') FILE_FORMAT = (TYPE = PARQUET)"))
                    .hasMessageContaining("Load an ARRAY");
        }
    }
}
