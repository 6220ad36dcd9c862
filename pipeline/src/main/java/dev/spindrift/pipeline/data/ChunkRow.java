package dev.spindrift.pipeline.data;

import dev.spindrift.udf.token.ModelInput;

/**
 * A row of {@code CHUNKS}: one chunk of one edition of a document.
 *
 * @param start where it begins in the document, in Unicode code points
 * @param end where it ends (exclusive), in Unicode code points
 * @param embeddingKey 128-bit hex hash of exactly the text the model reads
 * @param tokenIds what goes to the device of this text; on its way to the embedder only, and in no table
 */
@SuppressWarnings("ArrayRecordComponent") // handed through, never compared
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
        String embeddingKey,
        int[] tokenIds) {

    /** The text as the model reads it. */
    public ModelInput input() {
        return new ModelInput(text, tokens, tokenIds);
    }
}
