package dev.spindrift.udf.model;

/**
 * How near a vector is to what it ought to be.
 *
 * @param cosine of the angle between them
 * @param error the largest difference of two numbers, where what it ought to be is scaled to length 1
 */
record Parity(double cosine, double error) {

    static final Parity EXACT = new Parity(1, 0);

    static Parity of(float[] is, double[] ought) {
        double product = 0;
        double isSquares = 0;
        double oughtSquares = 0;
        double difference = 0;
        for (int i = 0; i < ought.length; i++) {
            product += is[i] * ought[i];
            isSquares += (double) is[i] * is[i];
            oughtSquares += ought[i] * ought[i];
            difference = Math.max(difference, Math.abs(is[i] - ought[i]));
        }
        return new Parity(product / Math.sqrt(isSquares * oughtSquares), difference / Math.sqrt(oughtSquares));
    }

    /** The worse of both in each. */
    Parity or(Parity other) {
        return new Parity(Math.min(cosine, other.cosine), Math.max(error, other.error));
    }
}
