package dev.spindrift.udf.chunk;

import java.util.Arrays;

/** A growing list of ints, most often ascending places in a text. */
final class IntList {
    private int[] values = new int[16];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + (size >> 1));
        }
        values[size++] = value;
    }

    /** Drops the last values that are {@code from} or more; the list ascends. */
    void dropFrom(int from) {
        while (size > 0 && values[size - 1] >= from) {
            size--;
        }
    }

    int get(int index) {
        return values[index];
    }

    int last() {
        return values[size - 1];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The index of the first value that is {@code value} or more; the list ascends. */
    int firstAtLeast(int value) {
        int found = Arrays.binarySearch(values, 0, size, value);
        return found >= 0 ? found : -found - 1;
    }
}
