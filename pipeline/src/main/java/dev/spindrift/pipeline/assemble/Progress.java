package dev.spindrift.pipeline.assemble;

import dev.spindrift.pipeline.data.ChunkResult;
import org.jspecify.annotations.Nullable;

/**
 * State: how far one edition has come. Public for Flink's serializer only.
 *
 * @param chunks how many it has; -1 while its header has not come
 * @param answered how many of them were answered
 * @param rejectedPosition the first chunk that was rejected, or null
 * @param reason why; empty if none was
 */
public record Progress(int chunks, int answered, @Nullable Integer rejectedPosition, String reason) {
    static final Progress NONE = new Progress(-1, 0, null, "");

    Progress expecting(int number) {
        return new Progress(number, answered, rejectedPosition, reason);
    }

    Progress answered(ChunkResult result) {
        String rejection = result.rejection();
        return rejection != null && (rejectedPosition == null || result.position() < rejectedPosition)
                ? new Progress(chunks, answered + 1, result.position(), rejection)
                : new Progress(chunks, answered + 1, rejectedPosition, reason);
    }

    boolean complete() {
        return answered == chunks;
    }
}
