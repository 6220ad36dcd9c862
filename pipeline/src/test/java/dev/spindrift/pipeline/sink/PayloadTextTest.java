package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PayloadTextTest {

    @Test
    void keepsTextAsItIs() {
        byte[] bytes = "gr\u00fc\u00df".getBytes(StandardCharsets.UTF_8);

        assertThat(PayloadText.of(bytes, bytes.length)).isEqualTo(new PayloadText("gr\u00fc\u00df", "utf-8"));
    }

    @Test
    void encodesBytesThatAreNoText() {
        assertThat(PayloadText.of(new byte[] {(byte) 0xff, 0}, 2)).isEqualTo(new PayloadText("/wA=", "base64"));
    }

    @Test
    void leavesOutACharacterThatTheCutParted() {
        byte[] whole = "ab\u00fc".getBytes(StandardCharsets.UTF_8);

        assertThat(PayloadText.of(Arrays.copyOf(whole, 3), whole.length)).isEqualTo(new PayloadText("ab", "utf-8"));
        assertThat(PayloadText.of(Arrays.copyOf(whole, 3), 3).encoding()).isEqualTo("base64");
    }

    @Test
    void hasNothingWhereThereIsNoPayload() {
        assertThat(PayloadText.of(null, 100)).isEqualTo(new PayloadText(null, null));
    }
}
