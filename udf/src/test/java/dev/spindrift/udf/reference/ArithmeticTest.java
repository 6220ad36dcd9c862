package dev.spindrift.udf.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
}
