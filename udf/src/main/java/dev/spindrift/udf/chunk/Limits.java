package dev.spindrift.udf.chunk;

/**
 * The sizes that the cutting goes by, all in tokens. How they hang together, and what was measured, is told at
 * {@link Cuts}.
 *
 * @param target what chunks aim at
 * @param reach within it, on both sides, a boundary has to be the strongest to be a cut of its own right
 * @param least what a cut that is only there to part a long stretch leaves on both sides
 * @param most longest stretch that is not cut
 * @param overlap most of a chunk that is repeated in the next
 * @param cap what no chunk exceeds
 */
record Limits(int target, int reach, int least, int most, int overlap, int cap) {

    static Limits of(ChunkSettings settings, int cap) {
        int target = settings.targetTokens();
        int overlap = settings.overlapTokens();
        int most = Math.max(1, Math.min(2 * target, Math.max(cap - overlap, cap - cap / 16)));
        int reach = Math.max(1, Math.min(target / 2, most * 3 / 10));
        return new Limits(target, reach, Math.max(1, reach * 2 / 3), most, overlap, cap);
    }
}
