package dev.spindrift.udf.huggingface;

/**
 * The cosines, then the sines, of the angles by which each position is rotated.
 *
 * @param frequencies radians per position, of each pair of numbers
 * @param positions how many
 */
@SuppressWarnings("ArrayRecordComponent") // read by index, never compared
record RotationTable(double[] frequencies, int positions) implements Numbers {

    @Override
    public long[] shape() {
        return new long[] {positions, 2L * frequencies.length};
    }

    @Override
    public void read(long from, float[] to, int count) {
        int width = 2 * frequencies.length;
        for (int i = 0; i < count; i++) {
            long position = (from + i) / width;
            int column = (int) ((from + i) % width);
            double angle = position * frequencies[column % frequencies.length];
            to[i] = (float) (column < frequencies.length ? Math.cos(angle) : Math.sin(angle));
        }
    }
}
