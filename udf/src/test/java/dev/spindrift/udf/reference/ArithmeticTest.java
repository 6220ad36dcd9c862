package dev.spindrift.udf.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
    private static final Offset<Double> CLOSE = within(1e-15);

    @Test
    void computesTheErrorFunctionToTheLastPlaces() {
        double[][] known = {
            {1e-3, 0.0011283787909692365},
            {0.1, 0.1124629160182849},
            {0.5, 0.5204998778130465},
            {1, 0.8427007929497149},
            {1.5, 0.9661051464753108},
            {1.99, 0.995111413199617},
            {2, 0.9953222650189527},
            {3, 0.9999779095030014},
            {-1.25, -0.9229001282564582}
        };
        for (double[] pair : known) {
            assertThat(Erf.erf(pair[0]) / pair[1]).as("erf(%s)", pair[0]).isEqualTo(1, CLOSE);
        }
    }

    @Test
    void keepsTheDigitsOfWhatTheErrorFunctionLacksToOne() {
        double[][] known = {{2, 0.004677734981047266}, {3, 2.2090496998585438e-05}, {5, 1.5374597944280351e-12}};
        for (double[] pair : known) {
            assertThat(Erf.erfc(pair[0]) / pair[1]).as("erfc(%s)", pair[0]).isEqualTo(1, within(3e-15));
        }
    }

    @Test
    void activatesAsTheFormulasSay() {
        assertThat(Arithmetic.activate(1, "gelu")).isEqualTo(0.8413447460685429, CLOSE);
        assertThat(Arithmetic.activate(1, "gelu_new")).isEqualTo(0.8411919906082768, CLOSE);
        assertThat(Arithmetic.activate(-2, "silu")).isEqualTo(-0.2384058440442351, CLOSE);
        assertThat(Arithmetic.activate(-2, "relu")).isZero();
    }

    @Test
    void sharesByExponentials() {
        double[] shares = Arithmetic.softmax(new double[] {0, Math.log(3), Double.NEGATIVE_INFINITY});
        assertThat(shares).containsExactly(new double[] {0.25, 0.75, 0}, CLOSE);
        assertThat(Arithmetic.softmax(new double[] {1000, 1000})).containsExactly(0.5, 0.5);
    }

    @Test
    void turnsPairsByTheirPosition() {
        Rotary rotary = new Rotary(new double[] {Math.PI / 2, 0}, false);
        double[][] turned = rotary.turn(new double[][] {{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}}, 4);
        assertThat(turned[0]).containsExactly(1, 2, 3, 4);
        assertThat(turned[1]).containsExactly(new double[] {-3, 2, 1, 4}, CLOSE);
        assertThat(turned[2]).containsExactly(new double[] {-1, 2, -3, 4}, CLOSE);
        double[][] neighbours =
                new Rotary(new double[] {Math.PI / 2, 0}, true).turn(new double[][] {{0, 0, 0, 0}, {1, 2, 3, 4}}, 4);
        assertThat(neighbours[1]).containsExactly(new double[] {-2, 1, 3, 4}, CLOSE);
    }

    @Test
    void seesOnlyHowFarApartTurnedTokensAre() {
        Rotary rotary = new Rotary(Rotary.speeds(100, 6), false);
        double[] query = {0.3, -1, 2, 0.5, 0.7, -0.2};
        double[] key = {1.1, 0.4, -0.6, 0.9, -1.3, 0.8};
        double[][] queries = new double[10][];
        double[][] keys = new double[10][];
        Arrays.fill(queries, query);
        Arrays.fill(keys, key);
        double[][] q = rotary.turn(queries, 6);
        double[][] k = rotary.turn(keys, 6);
        assertThat(product(q[9], q[9])).isCloseTo(product(query, query), within(1e-14));
        assertThat(product(q[2], k[5])).isCloseTo(product(q[6], k[9]), within(1e-14));
        assertThat(product(q[2], k[5])).isNotCloseTo(product(q[5], k[2]), within(1e-3));
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
