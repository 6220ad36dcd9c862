package dev.spindrift.udf.lexical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ProjectionTest {

    @Test
    void takesItsSignsFromTheSeedBitByBit() throws IOException {
        ByteBuffer numbers = numbers(new Projection(99, 3, 256));
        for (int i = 0; i < 3 * 256; i++) {
            boolean minus = (Mix64.at(99, i / 64) >>> (i % 64) & 1) == 1;
            assertThat(numbers.getFloat(i * Float.BYTES)).isEqualTo(minus ? -1 / 16f : 1 / 16f);
        }
    }

    @Test
    void hasAboutAsManyPlusesAsMinuses() throws IOException {
        ByteBuffer numbers = numbers(new Projection(7, 1000, 256));
        double sum = 0;
        while (numbers.hasRemaining()) {
            sum += numbers.getFloat() * 16;
        }
        // 256,000 fair coins: four standard deviations are about 2,000.
        assertThat(Math.abs(sum)).isLessThan(2_100);
    }

    @Test
    void refusesColumnsThatAreNotWholeWords() {
        assertThatThrownBy(() -> new Projection(1, 1, 100)).hasMessageContaining("multiple of 64");
    }

    private static ByteBuffer numbers(Projection projection) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        projection.writeTo(out);
        assertThat(out.size()).isEqualTo(Math.toIntExact(projection.numbers() * Float.BYTES));
        return ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }
}
