package dev.spindrift.udf.torch;

import java.nio.ByteBuffer;

/**
 * An argument of a module's method, on the memory of a direct buffer in native order, which must not change before the
 * call returns.
 *
 * @param data exactly the numbers, row-major
 * @param kind what they are
 * @param shape how many of them in each dimension
 */
@SuppressWarnings("ArrayRecordComponent") // handed through, never compared
public record InputTensor(ByteBuffer data, Kind kind, long... shape) {

    /** The kinds of numbers a module is called with. */
    public enum Kind {
        FLOAT,
        LONG
    }
}
