package dev.spindrift.udf.model;

/** What a module gives, parted into the texts' vectors. */
final class Vectors {
    private Vectors() {}

    /** The rows of {@code flat}, each of {@code dimension} numbers. */
    static float[][] rows(float[] flat, int dimension) {
        float[][] rows = new float[flat.length / dimension][dimension];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(flat, i * dimension, rows[i], 0, dimension);
        }
        return rows;
    }
}
