package dev.spindrift.pipeline.data;

/**
 * A row of {@code CHUNKS}: one chunk of one edition of a document.
 *
 * @param start where it begins in the document, in Unicode code points
 * @param end where it ends (exclusive), in Unicode code points
 * @param embeddingKey 128-bit hex hash of exactly the text the model reads
 */
public record ChunkRow(
        String documentId,
        long version,
        long sequence,
        String edition,
        int position,
        String text,
        int start,
        int end,
        String heading,
        int tokens,
        String embeddingKey) {}
