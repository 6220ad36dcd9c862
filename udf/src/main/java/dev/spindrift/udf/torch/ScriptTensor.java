package dev.spindrift.udf.torch;

import java.io.IOException;
import java.io.OutputStream;

/** A dense tensor to be written to a {@link TorchScriptArchive}. */
public interface ScriptTensor {

    /** The kinds of numbers an archive holds. */
    enum Kind {
        FLOAT("FloatStorage", 4),
        HALF("HalfStorage", 2),
        BFLOAT16("BFloat16Storage", 2),
        LONG("LongStorage", 8);

        final String storage;
        public final int bytes;

        Kind(String storage, int bytes) {
            this.storage = storage;
            this.bytes = bytes;
        }
    }

    Kind kind();

    long[] shape();

    /**
     * Writes the numbers in row-major order, each little endian. Called twice (once for the checksum), it writes the
     * same bytes.
     */
    void writeTo(OutputStream out) throws IOException;

    /** How many numbers it holds. */
    default long numbers() {
        long numbers = 1;
        for (long size : shape()) {
            numbers = Math.multiplyExact(numbers, size);
        }
        return numbers;
    }
}
