package dev.spindrift.pipeline.data;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code REJECTED_DOCUMENTS}: a record or an edition that will not reach {@code DOCUMENTS}, and why.
 *
 * @param documentId the document, where it could be told
 * @param version its version, where it could be told
 * @param edition its edition, if it was already cut into chunks
 * @param position the chunk at fault, if it was one chunk
 * @param stage {@code source}, {@code chunk} or {@code embed}
 * @param payload the record's value, cut to {@link #MAX_PAYLOAD_BYTES}; null where the stage no longer has it
 * @param payloadBytes size of the whole value
 * @param source coordinates of the record as a JSON object
 */
@SuppressWarnings("ArrayRecordComponent") // a stream value: serialized, never compared
public record RejectedRow(
        @Nullable String documentId,
        @Nullable Long version,
        @Nullable String edition,
        @Nullable Integer position,
        String stage,
        String reason,
        byte @Nullable [] payload,
        long payloadBytes,
        String source) {

    /** Keeps a payload, base64 included, within Snowflake's 16 MiB of text. */
    public static final int MAX_PAYLOAD_BYTES = 8 << 20;
}
