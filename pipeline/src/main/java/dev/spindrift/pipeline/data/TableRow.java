package dev.spindrift.pipeline.data;

import org.jspecify.annotations.Nullable;

/** A row for one of the four tables that the sink writes: exactly one component is not null. */
public record TableRow(
        @Nullable DocumentRow document,
        @Nullable ChunkRow chunk,
        @Nullable EmbeddingRow embedding,
        @Nullable RejectedRow rejected) {

    public static TableRow of(DocumentRow row) {
        return new TableRow(row, null, null, null);
    }

    public static TableRow of(ChunkRow row) {
        return new TableRow(null, row, null, null);
    }

    public static TableRow of(EmbeddingRow row) {
        return new TableRow(null, null, row, null);
    }

    public static TableRow of(RejectedRow row) {
        return new TableRow(null, null, null, row);
    }
}
