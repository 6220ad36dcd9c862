package dev.spindrift.udf.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
        FLOAT(Float.BYTES),
        LONG(Long.BYTES);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }
    }

    /** The part of {@code buffer} that begins at byte {@code from} and holds just this shape. */
    public static InputTensor of(ByteBuffer buffer, int from, Kind kind, long... shape) {
        long bytes = kind.bytes;
        for (long size : shape) {
            bytes = Math.multiplyExact(bytes, size);
        }
        ByteBuffer part = buffer.slice(from, Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
        return new InputTensor(part, kind, shape);
    }
}
