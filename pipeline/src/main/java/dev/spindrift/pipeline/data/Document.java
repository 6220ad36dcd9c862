package dev.spindrift.pipeline.data;

import org.jspecify.annotations.Nullable;

/**
 * One version of a document, as its source gave it.
 *
 * @param id what names the document in the warehouse
 * @param version greater is newer; see {@code ownVersion}
 * @param ownVersion whether the record named its version itself; else it is the record's timestamp, in milliseconds
 * @param sequence place of the record in its source (a Kafka offset); orders records of one document and version
 * @param deleted whether this version says that the document is gone; then {@code text} is empty
 * @param metadata a JSON object as text, or null
 * @param source coordinates of the record as a JSON object: {@code {"topic":"t","partition":0,"offset":7}}
 */
public record Document(
        String id,
        long version,
        boolean ownVersion,
        long sequence,
        boolean deleted,
        String text,
        String mediaType,
        @Nullable String uri,
        @Nullable String metadata,
        String source) {}
