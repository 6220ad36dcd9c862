package dev.spindrift.pipeline.chunk;

import dev.spindrift.pipeline.data.Document;
import org.jspecify.annotations.Nullable;

/**
 * State: the newest version of one document that was let through. Public for Flink's serializer only.
 *
 * @param content fingerprint of its content and of how it was cut
 * @param ownVersion whether its records name their version themselves
 */
public record Newest(long version, long sequence, String content, boolean ownVersion) {

    /**
     * The version that {@code document} has, once {@code newest} was seen: its own, but a deletion cannot name one. It
     * deletes the version it finds if records of this document name versions; else its timestamp is its version, as
     * the timestamps of the others are.
     */
    static long versionOf(Document document, @Nullable Newest newest) {
        return document.deleted() && newest != null && newest.ownVersion ? newest.version : document.version();
    }

    /** Whether an edition of this place and content says something new: later, and not the same once more. */
    boolean yieldsTo(long otherVersion, long otherSequence, String otherContent) {
        if (otherVersion != version) {
            return otherVersion > version;
        }
        return otherSequence > sequence && !otherContent.equals(content);
    }
}
