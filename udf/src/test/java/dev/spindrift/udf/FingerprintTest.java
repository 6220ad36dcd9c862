package dev.spindrift.udf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void isTheFirstHalfOfSha256OverLengthsAndBytes() {
        // printf '\x00\x00\x00\x03abc' | sha256sum
        assertThat(Fingerprint.of("abc")).isEqualTo("d04b72a650ce0f8ce4963330a53ee283");
    }

    @Test
    void tellsWhereOnePartEnds() {
        assertThat(Fingerprint.of("ab", "c")).isNotEqualTo(Fingerprint.of("a", "bc"));
        assertThat(Fingerprint.of("abc", "")).isNotEqualTo(Fingerprint.of("abc"));
    }

    @Test
    void readsTextAsUtf8() {
        assertThat(Fingerprint.of("é", "🌊")).isEqualTo(Fingerprint.of("é".getBytes(UTF_8), "🌊".getBytes(UTF_8)));
    }
}
