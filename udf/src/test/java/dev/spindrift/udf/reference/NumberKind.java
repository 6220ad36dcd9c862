package dev.spindrift.udf.reference;

import java.nio.ByteBuffer;

/** How a safetensors file holds one number, little-endian. */
public enum NumberKind {
    F64(8, "float64"),
    F32(4, "float32"),
    F16(2, "float16"),
    BF16(2, "bfloat16"),
    I64(8, "int64");

    private static final int HALF_SMALLEST_NORMAL_EXPONENT = -14;

    final int bytes;
    /** As {@code torch_dtype} in a config.json names it. */
    final String torchName;

    NumberKind(int bytes, String torchName) {
        this.bytes = bytes;
        this.torchName = torchName;
    }

    /** Appends {@code number}, rounded to the nearest of this kind, ties to even. */
    void put(ByteBuffer buffer, double number) {
        switch (this) {
            case F64 -> buffer.putDouble(number);
            case F32 -> buffer.putFloat((float) number);
            case F16 -> buffer.putShort(half(number));
            case BF16 -> buffer.putShort(brain((float) number));
            case I64 -> buffer.putLong((long) number);
        }
    }

    /** The next number, exactly. */
    double get(ByteBuffer buffer) {
        return switch (this) {
            case F64 -> buffer.getDouble();
            case F32 -> buffer.getFloat();
            case F16 -> ofHalf(buffer.getShort());
            case BF16 -> Float.intBitsToFloat(buffer.getShort() << 16);
            case I64 -> buffer.getLong();
        };
    }

    private static short brain(float number) {
        int bits = Float.floatToRawIntBits(number);
        int lowestKept = bits >>> 16 & 1;
        return (short) ((bits + 0x7fff + lowestKept) >>> 16);
    }

    private static short half(double number) {
        int sign = number < 0 ? 0x8000 : 0;
        double size = Math.abs(number);
        int exponent = Math.max(Math.getExponent(size), HALF_SMALLEST_NORMAL_EXPONENT);
        // In units of the last place; a carry into the next exponent comes out right by itself.
        int units = (int) Math.rint(Math.scalb(size, 10 - exponent));
        return (short) (sign | ((exponent - HALF_SMALLEST_NORMAL_EXPONENT) * 1024 + units));
    }

    private static double ofHalf(short bits) {
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double size = exponent == 0
                ? Math.scalb((double) fraction, HALF_SMALLEST_NORMAL_EXPONENT - 10)
                : Math.scalb(1024.0 + fraction, exponent - 15 - 10);
        return bits < 0 ? -size : size;
    }
}
