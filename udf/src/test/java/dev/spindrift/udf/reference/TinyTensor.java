package dev.spindrift.udf.reference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that is made up number by number as it is written, so that its size does not matter.
 *
 * @param origin what the family calls it; decides its numbers
 * @param kind null for the kind of the whole file
 */
record TinyTensor(
        String name,
        String origin,
        Content content,
        @Nullable NumberKind kind,
        List<Long> shape) {

    long numbers() {
        long product = 1;
        for (long size : shape) {
            product *= size;
        }
        return product;
    }

    TinyTensor named(String other) {
        return new TinyTensor(other, origin, content, kind, shape);
    }

    /** What kind of numbers trained models hold in such a place. */
    enum Content {
        /** [out, in]: spread such that outputs are as large as inputs, with a few outliers. */
        PROJECTION,
        /** [rows, columns]: rows of about unit length per number. */
        EMBEDDING,
        /** The weight of a normalization: around 1. */
        SCALE,
        /** Added to something: around 0, but not 0. */
        BIAS,
        /** 0, 1, 2, ...: the buffer of position ids that older checkpoints carry. */
        COUNT
    }

    /** Number {@code index}, in row-major order, of the tensor of this origin in the models of {@code seed}. */
    double number(long seed, long index) {
        long bits = mix(mix(seed ^ mix(origin.hashCode())) + index * 0x9e3779b97f4a7c15L);
        double spread = gaussian(bits);
        return switch (content) {
            case PROJECTION -> {
                double outlier = (mix(bits) & 0x3ff) == 0 ? 6 : 1;
                yield spread * outlier / Math.sqrt(shape.get(shape.size() - 1).doubleValue());
            }
            case EMBEDDING -> 0.5 * spread;
            case SCALE -> 1 + 0.15 * spread;
            case BIAS -> 0.1 * spread;
            case COUNT -> index;
        };
    }

    /** About normal, mean 0 and deviation 1: four even numbers added up. Never beyond 3.5. */
    private static double gaussian(long bits) {
        long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
        return (sum / 65536.0 - 2) * Math.sqrt(3);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long number) {
        long mixed = (number ^ number >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
