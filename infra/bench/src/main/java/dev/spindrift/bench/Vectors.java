package dev.spindrift.bench;

/** How alike two lists of vectors are. */
final class Vectors {
    private Vectors() {}

    /** The least cosine of any vector with its counterpart. */
    static double leastCosine(float[][] these, float[][] those) {
        double least = 1;
        for (int i = 0; i < these.length; i++) {
            least = Math.min(least, cosine(these[i], those[i]));
        }
        return least;
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squaresOfA += (double) a[i] * a[i];
            squaresOfB += (double) b[i] * b[i];
        }
        return product / Math.sqrt(squaresOfA * squaresOfB);
    }
}
