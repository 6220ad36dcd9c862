package dev.spindrift.udf.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {

    @Test
    void givesTheTensorsInTheOrderOfTheirPlaces() throws IOException {
        String header = "{\"b\":" + entry("F16", "[3]", 8, 14) + ",\"__metadata__\":{\"format\":\"pt\"},\"a\":"
                + entry("F32", "[2,1]", 0, 8) + "}   ";
        List<SafetensorsHeader.Entry> entries = read(Safetensors.of(header, new byte[14]));
        assertThat(entries).extracting(SafetensorsHeader.Entry::name).containsExactly("a", "b");
        SafetensorsHeader.Entry a = entries.get(0);
        assertThat(a.kind()).isEqualTo(StoredTensor.Kind.F32);
        assertThat(a.shape()).containsExactly(2, 1);
        assertThat(a.numbers()).isEqualTo(2);
        assertThat(a.start()).isEqualTo(8 + header.length());
    }

    @Test
    void allowsEmptyTensorsAndSingleNumbers() throws IOException {
        String header = "{\"none\":" + entry("F32", "[0,4]", 4, 4) + ",\"one\":" + entry("F32", "[]", 0, 4) + "}";
        assertThat(read(Safetensors.of(header, new byte[4])))
                .extracting(SafetensorsHeader.Entry::numbers)
                .containsExactly(1L, 0L);
    }

    @Test
    void allowsTensorsLargerThanAnArray() throws IOException {
        long bytes = 3L << 32;
        byte[] start = Safetensors.of("{\"a\":" + entry("BF16", "[3,2147483648]", 0, bytes) + "}", new byte[0]);
        SafetensorsHeader.Entry entry = read(start, start.length + bytes).get(0);
        assertThat(entry.numbers()).isEqualTo(3L << 31);
        assertThat(entry.bytes()).isEqualTo(bytes);
    }

    @Test
    void refusesOverlappingTensors() {
        assertRefused(
                "{\"a\":" + entry("F32", "[2]", 0, 8) + ",\"b\":" + entry("F32", "[2]", 4, 12) + "}", 12, "overlaps");
        assertRefused(
                "{\"a\":" + entry("F32", "[2]", 0, 8) + ",\"b\":" + entry("F32", "[2]", 0, 8) + "}", 8, "overlaps");
    }

    @Test
    void refusesHoles() {
        assertRefused("{\"a\":" + entry("F32", "[1]", 4, 8) + "}", 8, "leaves a hole before it");
        assertRefused("{\"a\":" + entry("F32", "[1]", 0, 4) + "}", 8, "its tensors end at byte");
        assertRefused("{}", 1, "its tensors end at byte");
    }

    @Test
    void refusesEachTruncation() {
        byte[] whole = new Safetensors()
                .with("a", new float[] {1, 2}, 2)
                .with("b", new float[] {3}, 1)
                .bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(part))
                    .as("of %s bytes", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot read m.safetensors: ");
        }
    }

    @Test
    void refusesAHeaderOfMadLength() {
        for (long length : new long[] {(16 << 20) + 1, 100_000_000_000L, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            byte[] file = Safetensors.of(length, "{}".getBytes(UTF_8), new byte[0]);
            assertRefused(file, "its header is said to be " + Long.toUnsignedString(length) + " bytes");
        }
        assertRefused(Safetensors.of(1000, "{}".getBytes(UTF_8), new byte[0]), "is not all there");
        assertRefused(Safetensors.of(0, new byte[0], new byte[0]), "does not begin with {");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F32|[2]|0|4|of 2 numbers of the kind F32 cannot take 4 bytes",
                "F32|[1]|0|8|of 1 numbers of the kind F32 cannot take 8 bytes",
                "F4|[1]|0|0|cannot take 0 bytes",
                "F99|[1]|0|4|is of the unknown kind \"F99\"",
                "f32|[1]|0|4|is of the unknown kind \"f32\"",
                "F32|[-1]|0|4|has the shape [-1]",
                "F32|[1.5]|0|4|not strict JSON",
                "F32|[\"1\"]|0|4|not strict JSON",
                "F32|[[1]]|0|4|not strict JSON",
                "F32|1|0|4|not strict JSON",
                "F32|[99999999999999999999]|0|4|not strict JSON",
                "F32|[4294967296,4294967296]|0|0|has too many numbers",
                "F32|[4611686018427387905]|0|4|not strict JSON",
                "F64|[461168601842738790]|0|8|has too many numbers",
                "F32|[1]|4|0|has the place [4, 0]",
                "F32|[1]|-4|0|has the place [-4, 0]",
                "F32|[1]|8|12|has the place [8, 12] in 8 bytes",
            })
    void refusesATensorThatIsNotWhatItSays(String kind, String shape, long from, long to, String why) {
        assertRefused("{\"a\":" + entry(kind, shape, from, to) + "}", 8, why);
    }

    @Test
    void refusesAnEntryThatIsNotOfThreeFields() {
        assertRefused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "lacks one of");
        assertRefused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "has the place [0]");
        assertRefused("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 4, "has the field \"dtype\" beside or twice");
        assertRefused("{\"a\":{\"strides\":[1]}}", 4, "has the field \"strides\"");
        assertRefused("{\"a\":[]}", 4, "not strict JSON");
        assertRefused("{\"__metadata__\":{\"a\":{}}}", 0, "not strict JSON");
    }

    @Test
    void refusesANameThatStandsTwice() {
        String a = "\"a\":" + entry("F32", "[1]", 0, 4);
        assertRefused("{" + a + "," + a + "}", 4, "tensor \"a\" stands twice");
        assertRefused("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "stands twice");
    }

    @Test
    void refusesAHeaderThatIsNotStrictJson() {
        assertRefused("{\"a\":", 0, "not strict JSON");
        assertRefused("{}{}", 0, "not strict JSON");
        assertRefused("[]", 0, "does not begin with {");
        assertRefused(" {}", 0, "does not begin with {");
        assertRefused("{\"__metadata__\":" + "[".repeat(100_000), 0, "not strict JSON");
        assertRefused(Safetensors.of(3, new byte[] {'{', (byte) 0xff, '}'}, new byte[0]), "not UTF-8");
    }

    private static String entry(String kind, String shape, long from, long to) {
        return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(kind, shape, from, to);
    }

    private static void assertRefused(String header, int dataBytes, String why) {
        assertRefused(Safetensors.of(header, new byte[dataBytes]), why);
    }

    private static void assertRefused(byte[] file, String why) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read m.safetensors: ")
                .hasMessageContaining(why)
                .hasMessageEndingWith("Download the file again, or save the model again.");
    }

    private static List<SafetensorsHeader.Entry> read(byte[] file) throws IOException {
        return read(file, file.length);
    }

    private static List<SafetensorsHeader.Entry> read(byte[] start, long fileBytes) throws IOException {
        return SafetensorsHeader.read("m.safetensors", Channels.newChannel(new ByteArrayInputStream(start)), fileBytes);
    }
}
