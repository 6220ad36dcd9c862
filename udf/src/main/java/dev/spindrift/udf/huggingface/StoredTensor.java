package dev.spindrift.udf.huggingface;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** A tensor in a safetensors file, readable by any number of threads until its {@link Weights} are closed. */
final class StoredTensor implements Numbers {
    /** Bytes read at a time: a whole number of each kind's numbers. */
    private static final int PIECE = 1 << 16;

    /** What the numbers of a tensor are, little endian, with the names and bits that the safetensors format gives. */
    enum Kind {
        F64(64),
        F32(32),
        F16(16),
        BF16(16),
        BOOL(8),
        F4(4),
        F6_E2M3(6),
        F6_E3M2(6),
        U8(8),
        I8(8),
        F8_E5M2(8),
        F8_E4M3(8),
        F8_E8M0(8),
        I16(16),
        U16(16),
        I32(32),
        U32(32),
        C64(64),
        I64(64),
        U64(64);

        final int bits;

        Kind(int bits) {
            this.bits = bits;
        }

        /** Whether {@link StoredTensor#read} reads such numbers. */
        boolean isReadable() {
            return this == F64 || this == F32 || this == F16 || this == BF16;
        }
    }

    private final FileChannel channel;
    private final String file;
    private final SafetensorsHeader.Entry entry;

    StoredTensor(FileChannel channel, String file, SafetensorsHeader.Entry entry) {
        this.channel = channel;
        this.file = file;
        this.entry = entry;
    }

    String name() {
        return entry.name();
    }

    Kind kind() {
        return entry.kind();
    }

    /** How many numbers in each dimension; empty for a single number. */
    @Override
    public long[] shape() {
        return entry.shape().clone();
    }

    /** How many numbers it holds. */
    @Override
    public long numbers() {
        return entry.numbers();
    }

    /**
     * Reads the numbers [from, from + count), in row-major order, into {@code to[0..count)}: F32, F16 and BF16
     * exactly, F64 rounded to the nearest.
     *
     * @throws IllegalArgumentException if one is not finite (as a float), or if the kind is none of these
     */
    @Override
    public void read(long from, float[] to, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, numbers());
        Objects.checkFromIndexSize(0, count, to.length);
        if (!kind().isReadable()) {
            throw wrong("is of the kind " + kind(), "Save the model as F32, F16 or BF16");
        }
        int bytes = kind().bits / Byte.SIZE;
        int most = Math.min(count, PIECE / bytes);
        ByteBuffer piece = ByteBuffer.allocate(most * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < count; ) {
            int now = Math.min(most, count - done);
            fill(piece.clear().limit(now * bytes), entry.start() + (from + done) * bytes);
            widen(piece, to, done, now);
            for (int i = done; i < done + now; i++) {
                if (!Float.isFinite(to[i])) {
                    throw wrong(
                            "holds " + to[i] + " as its number " + (from + i), "Use a model whose weights are finite");
                }
            }
            done += now;
        }
    }

    private void fill(ByteBuffer piece, long position) throws IOException {
        while (piece.hasRemaining()) {
            int read = channel.read(piece, position + piece.position());
            if (read < 0) {
                throw new EOFException(UnreadableFile.message(
                        file, "it was cut short while it was read", UnreadableFile.DOWNLOAD_AGAIN));
            }
        }
        piece.flip();
    }

    private void widen(ByteBuffer from, float[] to, int start, int count) {
        switch (kind()) {
            case F32 -> from.asFloatBuffer().get(to, start, count);
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    to[start + i] = Float.intBitsToFloat(from.getShort(2 * i) << 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    to[start + i] = widen(from.getShort(2 * i));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    to[start + i] = (float) from.getDouble(8 * i);
                }
            }
        }
    }

    /** The number that 16 bits stand for in IEEE 754's half precision: 1 of sign, 5 of exponent, 10 of fraction. */
    static float widen(short half) {
        int sign = (half & 0x8000) << 16;
        int magnitude = half & 0x7fff;
        if (magnitude < 0x0400) {
            float subnormal = magnitude * 0x1p-24f;
            return Float.intBitsToFloat(Float.floatToRawIntBits(subnormal) | sign);
        }
        // A float has the same layout with 13 more bits of fraction and an exponent that counts from 112 lower.
        int exponentShift = magnitude >= 0x7c00 ? 224 : 112;
        return Float.intBitsToFloat(sign | ((magnitude << 13) + (exponentShift << 23)));
    }

    private IllegalArgumentException wrong(String why, String wayOut) {
        return UnreadableFile.refused(file, "tensor " + SafetensorsHeader.quoted(name()) + " " + why, wayOut);
    }
}
