package dev.spindrift.udf.reference;

/** The error function to within a few units in the last place. */
final class Erf {
    /** Below, a series of like-signed terms is exact enough and short; above, the continued fraction is. */
    private static final double SERIES_END = 2;

    private Erf() {}

    static double erf(double x) {
        return Math.abs(x) < SERIES_END ? series(x) : Math.copySign(1 - fraction(Math.abs(x)), x);
    }

    /** 1 - erf(x), without losing digits where that is next to nothing. */
    static double erfc(double x) {
        if (x < SERIES_END) {
            return 1 - erf(x);
        }
        return fraction(x);
    }

    /** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.ulp(sum) / 4; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** The same, 7.1.14, from its end. */
    private static double fraction(double x) {
        double tail = x;
        for (int n = 200; n > 0; n--) {
            tail = x + n / 2.0 / tail;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
    }
}
