package dev.spindrift.udf.lexical;

/**
 * A sparse vector: what is there of one text.
 *
 * @param buckets where its numbers stand, ascending, each once
 * @param weights its numbers
 */
@SuppressWarnings("ArrayRecordComponent") // read by index in tight loops, never compared
public record Features(int[] buckets, float[] weights) {

    public int size() {
        return buckets.length;
    }
}
