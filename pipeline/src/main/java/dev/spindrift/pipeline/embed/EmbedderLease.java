package dev.spindrift.pipeline.embed;

import dev.spindrift.udf.embed.Embedder;
import java.io.Serializable;

/** How an operator comes by its embedder when it opens, and how it gives it back. */
public interface EmbedderLease extends Serializable {

    /** The embedder, which others may share. */
    Embedder open();

    /** Ends this operator's use of {@code embedder}; what it still has in flight may be lost. */
    void close(Embedder embedder);
}
