package dev.spindrift.udf.lexical;

/** SplitMix64: the step and the finalizer of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators". */
final class Mix64 {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Mix64() {}

    /** The number at place {@code index} of the stream that {@code seed} starts. */
    static long at(long seed, long index) {
        return mix(seed + index * GOLDEN_GAMMA);
    }

    /** A bijection on 64 bits in which each bit of {@code z} turns about half of the result's. */
    static long mix(long z) {
        long y = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long x = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
