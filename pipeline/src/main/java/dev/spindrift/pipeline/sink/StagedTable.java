package dev.spindrift.pipeline.sink;

import static dev.spindrift.pipeline.sink.StagedColumn.Kind.BOOLEAN;
import static dev.spindrift.pipeline.sink.StagedColumn.Kind.FLOATS;
import static dev.spindrift.pipeline.sink.StagedColumn.Kind.INT;
import static dev.spindrift.pipeline.sink.StagedColumn.Kind.LONG;
import static dev.spindrift.pipeline.sink.StagedColumn.Kind.TEXT;
import static dev.spindrift.pipeline.sink.StagedColumn.optional;
import static dev.spindrift.pipeline.sink.StagedColumn.required;

import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.EmbeddingRow;
import dev.spindrift.pipeline.data.RejectedRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.udf.Fingerprint;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The four kinds of rows, each with its own files and its own staging table per job. A kind's columns stand here once:
 * the file's schema, the staging table and the {@code COPY} between them follow from them.
 */
enum StagedTable {
    EMBEDDINGS(List.of(required("EMBEDDING_KEY", TEXT), required("EMBEDDING", FLOATS), required("TOKENS", INT))),
    DOCUMENTS(List.of(
            required("DOCUMENT_ID", TEXT),
            required("VERSION", LONG),
            required("SEQUENCE", LONG),
            required("EDITION", TEXT),
            required("DELETED", BOOLEAN),
            required("CHUNKS", INT),
            required("TOKENS", LONG),
            optional("URI", TEXT),
            required("MEDIA_TYPE", TEXT),
            optional("METADATA", TEXT),
            required("CONTENT_HASH", TEXT),
            required("CHUNKER", TEXT),
            required("SOURCE", TEXT))),
    CHUNKS(List.of(
            required("DOCUMENT_ID", TEXT),
            required("VERSION", LONG),
            required("SEQUENCE", LONG),
            required("EDITION", TEXT),
            required("POSITION", INT),
            required("TEXT", TEXT),
            required("START_OFFSET", INT),
            required("END_OFFSET", INT),
            required("HEADING", TEXT),
            required("TOKENS", INT),
            required("EMBEDDING_KEY", TEXT))),
    REJECTED(List.of(
            required("REJECTION_KEY", TEXT),
            optional("DOCUMENT_ID", TEXT),
            optional("VERSION", LONG),
            optional("EDITION", TEXT),
            optional("POSITION", INT),
            required("STAGE", TEXT),
            required("REASON", TEXT),
            optional("PAYLOAD", TEXT),
            optional("PAYLOAD_ENCODING", TEXT),
            required("PAYLOAD_BYTES", LONG),
            required("SOURCE", TEXT)));

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<StagedColumn> columns;

    StagedTable(List<StagedColumn> columns) {
        this.columns = columns;
    }

    /** Which table a row is for. */
    static StagedTable of(TableRow row) {
        if (row.chunk() != null) {
            return CHUNKS;
        }
        if (row.embedding() != null) {
            return EMBEDDINGS;
        }
        return row.document() != null ? DOCUMENTS : REJECTED;
    }

    List<StagedColumn> columns() {
        return columns;
    }

    /** The staging table of {@code job}. */
    String stagingTable(String job) {
        return "STAGED_" + name() + "_" + job.toUpperCase(Locale.ROOT);
    }

    MessageType schema() {
        return new MessageType(
                name().toLowerCase(Locale.ROOT),
                columns.stream().map(StagedColumn::parquetType).toArray(Type[]::new));
    }

    String columnNames() {
        return columns.stream().map(StagedColumn::name).collect(Collectors.joining(", "));
    }

    /** A row's values, in the order of the columns. */
    @Nullable
    Object[] values(TableRow row) {
        return switch (this) {
            case EMBEDDINGS -> values(Objects.requireNonNull(row.embedding()));
            case DOCUMENTS -> values(Objects.requireNonNull(row.document()));
            case CHUNKS -> values(Objects.requireNonNull(row.chunk()));
            case REJECTED -> values(Objects.requireNonNull(row.rejected()));
        };
    }

    private static @Nullable Object[] values(EmbeddingRow row) {
        return new @Nullable Object[] {row.embeddingKey(), row.embedding(), row.tokens()};
    }

    private static @Nullable Object[] values(DocumentRow row) {
        return new @Nullable Object[] {
            row.documentId(),
            row.version(),
            row.sequence(),
            row.edition(),
            row.deleted(),
            row.chunks(),
            row.tokens(),
            row.uri(),
            row.mediaType(),
            row.metadata(),
            row.contentHash(),
            row.chunker(),
            row.source()
        };
    }

    private static @Nullable Object[] values(ChunkRow row) {
        return new @Nullable Object[] {
            row.documentId(),
            row.version(),
            row.sequence(),
            row.edition(),
            row.position(),
            row.text(),
            row.start(),
            row.end(),
            row.heading(),
            row.tokens(),
            row.embeddingKey()
        };
    }

    private static @Nullable Object[] values(RejectedRow row) {
        // The same record rejected again at the same place is the same rejection.
        String key = Fingerprint.of(row.source(), row.stage(), String.valueOf(row.position()));
        PayloadText payload = PayloadText.of(row.payload(), row.payloadBytes());
        return new @Nullable Object[] {
            key,
            row.documentId(),
            row.version(),
            row.edition(),
            row.position(),
            row.stage(),
            row.reason(),
            payload.text(),
            payload.encoding(),
            row.payloadBytes(),
            row.source()
        };
    }
}
