package dev.spindrift.pipeline.data;

import org.jspecify.annotations.Nullable;

/**
 * Word from embed to assemble that one chunk is done: its row and its vector have left for the sink, or it was
 * rejected.
 *
 * @param rejection why it was rejected, or null if it was not
 */
public record ChunkResult(
        String documentId,
        String edition,
        int position,
        @Nullable String rejection) {}
