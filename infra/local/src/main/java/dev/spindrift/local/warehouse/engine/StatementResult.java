package dev.spindrift.local.warehouse.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a statement gave. */
public sealed interface StatementResult {

    /**
     * Rows: of a query, or the counts of a DML statement ({@code number of rows inserted}, ...), or the one row
     * {@code status} of a DDL statement.
     */
    record Rows(StatementType type, List<Column> columns, RowCursor cursor) implements StatementResult {}

    /** A PUT, which the driver carries out: the server tells it where to. */
    record Put(
            List<String> localFiles,
            String stage,
            String path,
            boolean autoCompress,
            String sourceCompression,
            int parallel,
            boolean overwrite)
            implements StatementResult {}

    /** A GET, which the driver carries out: the server tells it from where. */
    record Get(
            String stage,
            String path,
            String localFolder,
            int parallel,
            @Nullable String pattern) implements StatementResult {}

    /** ALTER SESSION SET: parameters that changed, already applied where the engine cares (AUTOCOMMIT, ...). */
    record SessionChanged(Map<String, String> parameters) implements StatementResult {}

    /**
     * Rows in order, each an array with one cell per column; {@code null} after the last. Cells by type: FIXED {@link
     * java.math.BigDecimal} or {@link Long}; REAL {@link Double}; TEXT {@link String}; BOOLEAN {@link Boolean}; DATE
     * {@link java.time.LocalDate}; TIME {@link java.time.LocalTime}; TIMESTAMP_NTZ {@link java.time.LocalDateTime};
     * TIMESTAMP_LTZ {@link java.time.Instant}; TIMESTAMP_TZ {@link java.time.OffsetDateTime}; BINARY {@code byte[]};
     * VARIANT, OBJECT, ARRAY their JSON text as {@link String}; VECTOR {@code float[]} or {@code int[]}.
     */
    interface RowCursor extends AutoCloseable {
        @Nullable
        Object @Nullable [] next() throws SqlFailure;

        @Override
        void close();
    }
}
