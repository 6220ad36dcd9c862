package dev.spindrift.udf.reference;

/** Rotary position embeddings: pairs of numbers in each head turn by an angle that grows with the position. */
final class Rotary {
    /** [size / 2]: how far the pairs turn from one position to the next. */
    private final double[] speeds;
    /** Whether numbers 2i and 2i + 1 are a pair; else i and i + size / 2 are. */
    private final boolean neighbours;

    Rotary(double[] speeds, boolean neighbours) {
        this.speeds = speeds;
        this.neighbours = neighbours;
    }

    /** The angles of the paper: base^(-2i / size). */
    static double[] speeds(double base, int size) {
        double[] speeds = new double[size / 2];
        for (int i = 0; i < speeds.length; i++) {
            speeds[i] = Math.pow(base, -2.0 * i / size);
        }
        return speeds;
    }

    /** Turns the beginning of each head; what is beyond the speeds' pairs stays. [tokens, heads * headDim] */
    double[][] turn(double[][] x, int headDim) {
        int half = speeds.length;
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            y[t] = x[t].clone();
            for (int head = 0; head < x[t].length; head += headDim) {
                for (int i = 0; i < half; i++) {
                    int first = head + (neighbours ? 2 * i : i);
                    int second = head + (neighbours ? 2 * i + 1 : i + half);
                    double cos = Math.cos(t * speeds[i]);
                    double sin = Math.sin(t * speeds[i]);
                    y[t][first] = x[t][first] * cos - x[t][second] * sin;
                    y[t][second] = x[t][second] * cos + x[t][first] * sin;
                }
            }
        }
        return y;
    }
}
