package dev.spindrift.udf.huggingface;

import dev.spindrift.udf.torch.ScriptTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as an archive stores them: rounded to a kind, to the nearest and to even in the middle. */
record TypedNumbers(Numbers source, Kind kind) implements ScriptTensor {
    private static final int PIECE = 1 << 14;

    @Override
    public long[] shape() {
        return source.shape();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        float[] piece = new float[PIECE];
        ByteBuffer bytes = ByteBuffer.allocate(PIECE * kind.bytes).order(ByteOrder.LITTLE_ENDIAN);
        long size = numbers();
        for (long from = 0; from < size; from += PIECE) {
            int count = (int) Math.min(PIECE, size - from);
            source.read(from, piece, count);
            bytes.clear();
            for (int i = 0; i < count; i++) {
                put(bytes, piece[i]);
            }
            out.write(bytes.array(), 0, bytes.position());
        }
    }

    private void put(ByteBuffer bytes, float number) {
        switch (kind) {
            case FLOAT -> bytes.putFloat(number);
            case HALF -> bytes.putShort(half(number));
            case BFLOAT16 -> bytes.putShort(bfloat16(number));
            default -> throw new IllegalStateException("Cannot store floats as " + kind + ".");
        }
    }

    static short bfloat16(float number) {
        int bits = Float.floatToRawIntBits(number);
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** IEEE 754 binary16; what is too large for it becomes infinite. */
    static short half(float number) {
        int bits = Float.floatToRawIntBits(number);
        int sign = (bits >>> 16) & 0x8000;
        float magnitude = Math.abs(number);
        if (magnitude >= 65520f) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < 0x1p-14f) {
            // Subnormal: a whole number of 2^-24.
            return (short) (sign | Math.round(Math.rint(magnitude * 0x1p24)));
        }
        int rounded = (bits & 0x7FFFFFFF) + 0xFFF + ((bits >>> 13) & 1);
        return (short) (sign | ((rounded >>> 13) - (112 << 10)));
    }
}
