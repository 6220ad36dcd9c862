package dev.spindrift.pipeline.data;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code DOCUMENTS}: one edition of a document, which becomes current when it is committed.
 *
 * @param edition 128-bit hex hash of version, sequence, content hash and chunker fingerprint
 * @param chunks how many chunks the edition has; 0 if deleted
 * @param tokens tokens of all its chunks, overlaps counted twice
 * @param contentHash 128-bit hex hash of text, media type, URI and metadata
 * @param chunker fingerprint of the chunking settings and the tokenizer
 */
public record DocumentRow(
        String documentId,
        long version,
        long sequence,
        String edition,
        boolean deleted,
        int chunks,
        long tokens,
        String mediaType,
        @Nullable String uri,
        @Nullable String metadata,
        String contentHash,
        String chunker,
        String source) {

    /** Whether this edition replaces one of the given version and sequence. */
    public boolean isNewerThan(long otherVersion, long otherSequence) {
        return version != otherVersion ? version > otherVersion : sequence > otherSequence;
    }
}
