package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.util.Arrays;

/** A tensor of floats that is read piece by piece, so that none has to be in memory whole. */
interface Numbers {

    /** How many in each dimension. */
    long[] shape();

    /** Reads {@code count} numbers in row-major order, from number {@code from} on, into the beginning of {@code to}. */
    void read(long from, float[] to, int count) throws IOException;

    /** How many numbers it holds. */
    default long numbers() {
        return Arrays.stream(shape()).reduce(1, Math::multiplyExact);
    }

    /** Numbers in memory. */
    static Numbers of(float[] numbers, long... shape) {
        return new Numbers() {
            @Override
            public long[] shape() {
                return shape.clone();
            }

            @Override
            public void read(long from, float[] to, int count) {
                System.arraycopy(numbers, Math.toIntExact(from), to, 0, count);
            }
        };
    }

    /** The rows of {@code parts}, one part after the other; all have the same shape but for the first dimension. */
    static Numbers stacked(Numbers... parts) {
        long[] shape = parts[0].shape();
        shape[0] = Arrays.stream(parts).mapToLong(part -> part.shape()[0]).sum();
        return new Numbers() {
            @Override
            public long[] shape() {
                return shape.clone();
            }

            @Override
            public void read(long from, float[] to, int count) throws IOException {
                long begin = 0;
                int done = 0;
                for (Numbers part : parts) {
                    long end = begin + part.numbers();
                    if (from + done < end && done < count) {
                        int here = (int) Math.min(count - done, end - (from + done));
                        float[] piece = done == 0 ? to : new float[here];
                        part.read(from + done - begin, piece, here);
                        if (done > 0) {
                            System.arraycopy(piece, 0, to, done, here);
                        }
                        done += here;
                    }
                    begin = end;
                }
            }
        };
    }

    /** {@code count} rows from {@code first} on. */
    default Numbers rows(long first, long count) {
        long[] shape = shape();
        long row = numbers() / shape[0];
        shape[0] = count;
        Numbers whole = this;
        return new Numbers() {
            @Override
            public long[] shape() {
                return shape.clone();
            }

            @Override
            public void read(long from, float[] to, int count) throws IOException {
                whole.read(from + first * row, to, count);
            }
        };
    }

    /** The matrix with {@code row} added to each of its rows. */
    default Numbers plus(float[] row) {
        Numbers matrix = this;
        return new Numbers() {
            @Override
            public long[] shape() {
                return matrix.shape();
            }

            @Override
            public void read(long from, float[] to, int count) throws IOException {
                matrix.read(from, to, count);
                int column = (int) (from % row.length);
                for (int i = 0; i < count; i++) {
                    to[i] += row[column];
                    column = column + 1 == row.length ? 0 : column + 1;
                }
            }
        };
    }

    /** The matrix with {@code more} columns of zeros at its end. */
    default Numbers widened(long more) {
        Numbers matrix = this;
        long rows = shape()[0];
        long narrow = shape()[1];
        long wide = narrow + more;
        return new Numbers() {
            @Override
            public long[] shape() {
                return new long[] {rows, wide};
            }

            @Override
            public void read(long from, float[] to, int count) throws IOException {
                Arrays.fill(to, 0, count, 0);
                for (int done = 0; done < count; ) {
                    long row = (from + done) / wide;
                    long column = (from + done) % wide;
                    if (column < narrow) {
                        float[] piece = new float[(int) Math.min(narrow - column, count - done)];
                        matrix.read(row * narrow + column, piece, piece.length);
                        System.arraycopy(piece, 0, to, done, piece.length);
                    }
                    done += (int) Math.min(wide - column, count - done);
                }
            }
        };
    }
}
