package dev.spindrift.pipeline.chunk;

import dev.spindrift.udf.chunk.Chunk;
import java.io.Serializable;
import java.util.List;

/** Cuts texts into chunks that one model can read whole. The same text always gives the same chunks. */
public interface Cutter extends Serializable {

    /**
     * The chunks of {@code text} in order; none if there is nothing to embed in it.
     *
     * @throws IllegalArgumentException if this text cannot be cut, however often it is tried
     */
    List<Chunk> cut(String text, String mediaType);

    /** Names everything that decides where it cuts. */
    String fingerprint();
}
