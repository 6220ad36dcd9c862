package dev.spindrift.udf.chunk;

/**
 * A stretch of text in the pieces that lie between neighbouring places where it may be cut.
 *
 * @param starts where each piece begins, in UTF-16 units, the first at the start of the stretch; then its end
 * @param tokens how many tokens lie before each of {@code starts}
 * @param strengths of the boundary before each piece, at least -1 and at most 1
 */
@SuppressWarnings("ArrayRecordComponent") // read by index in tight loops, never compared
record Pieces(int[] starts, int[] tokens, float[] strengths) {

    /** The number of pieces. */
    int size() {
        return starts.length - 1;
    }
}
