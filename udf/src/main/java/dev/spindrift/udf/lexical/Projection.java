package dev.spindrift.udf.lexical;

import dev.spindrift.udf.torch.ScriptTensor;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A matrix of {@code [rows, columns]} signs, each over the root of {@code columns}, that a seed alone decides.
 *
 * <p>The sign at flat place {@code i} (row-major) is bit {@code i mod 64}, from the lowest, of the
 * {@code i / 64}-th number of {@link Mix64}; a set bit is minus. Such a projection keeps the angles between sparse
 * vectors up to a noise of about one over the root of {@code columns} (Achlioptas, "Database-friendly random
 * projections").
 */
public record Projection(long seed, int rows, int columns) implements ScriptTensor {

    public Projection {
        if (rows < 1 || columns < Long.SIZE || columns % Long.SIZE != 0) {
            throw new IllegalArgumentException("Cannot make a projection of " + rows + " rows by " + columns
                    + " columns: it needs a row and a multiple of 64 columns.");
        }
    }

    @Override
    public Kind kind() {
        return Kind.FLOAT;
    }

    @Override
    public long[] shape() {
        return new long[] {rows, columns};
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        int plus = Float.floatToIntBits((float) (1 / Math.sqrt(columns)));
        int words = columns / Long.SIZE;
        byte[] row = new byte[columns * Float.BYTES];
        for (long i = 0; i < rows; i++) {
            for (int word = 0; word < words; word++) {
                long signs = Mix64.at(seed, i * words + word);
                for (int bit = 0; bit < Long.SIZE; bit++) {
                    int number = plus | (int) ((signs >>> bit) & 1) << 31;
                    int at = (word * Long.SIZE + bit) * Float.BYTES;
                    row[at] = (byte) number;
                    row[at + 1] = (byte) (number >>> 8);
                    row[at + 2] = (byte) (number >>> 16);
                    row[at + 3] = (byte) (number >>> 24);
                }
            }
            out.write(row);
        }
    }
}
