package dev.spindrift.pipeline.source;

import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.RejectedRow;
import org.jspecify.annotations.Nullable;

/** What one record became: exactly one component is not null. */
public record SourceOutput(
        @Nullable Document document, @Nullable RejectedRow rejected) {

    static SourceOutput of(Document document) {
        return new SourceOutput(document, null);
    }

    static SourceOutput of(RejectedRow rejected) {
        return new SourceOutput(null, rejected);
    }
}
