package dev.spindrift.pipeline.embed;

import dev.spindrift.udf.embed.Embedder;
import java.io.Serializable;
import org.apache.flink.metrics.MetricGroup;

/** How an operator comes by its embedder when it opens, and how it gives it back. */
public interface EmbedderLease extends Serializable {

    /**
     * The embedder, which others may share.
     *
     * @param metrics where it may show what it does
     */
    Embedder open(MetricGroup metrics);

    /** Ends this operator's use of {@code embedder}; what it still has in flight may be lost. */
    void close(Embedder embedder);
}
