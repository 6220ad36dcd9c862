package dev.spindrift.udf.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
    @TempDir
    Path folder;

    @Test
    void widensEachKindExactly() throws IOException {
        write(
                "model.safetensors",
                new Safetensors()
                        .with("bf16", "BF16", Safetensors.shorts(0x3f80, 0xc000, 0x0001), 3)
                        .with("f16", "F16", Safetensors.shorts(0x3c00, 0x8000, 0x0001, 0x7bff), 4)
                        .with("f64", "F64", Safetensors.doubles(0.1, -1e30), 2)
                        .with("f32", new float[] {1.5f, Float.MIN_VALUE}, 1, 2)
                        .bytes());
        try (Weights weights = Weights.open(folder)) {
            assertThat(weights.names()).containsExactly("bf16", "f16", "f32", "f64");
            assertThat(all(weights.get("bf16"))).containsExactly(1, -2, Float.intBitsToFloat(0x10000));
            assertThat(all(weights.get("f16"))).containsExactly(1, -0f, 0x1p-24f, 65504);
            assertThat(all(weights.get("f64"))).containsExactly(0.1f, -1e30f);
            assertThat(all(weights.get("f32"))).containsExactly(1.5f, Float.MIN_VALUE);
            assertThat(weights.get("f32").shape()).containsExactly(1, 2);
        }
    }

    @Test
    void widensEachHalfAsItsFormulaSays() {
        for (int half = 0; half < 1 << 16; half++) {
            int exponent = (half >> 10) & 31;
            int fraction = half & 1023;
            double magnitude = exponent == 0 ? fraction * 0x1p-24 : Math.scalb(1 + fraction / 1024.0, exponent - 15);
            if (exponent == 31) {
                magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            }
            float expected = (float) (half >= 1 << 15 ? -magnitude : magnitude);
            assertThat(StoredTensor.widen((short) half)).as("%x", half).isEqualTo(Float.valueOf(expected));
        }
    }

    @Test
    void readsAnyRangeOfALargeTensor() throws IOException {
        float[] numbers = new float[100_003];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        write(
                "model.safetensors",
                new Safetensors()
                        .with("odd", "U8", new byte[3], 3)
                        .with("a", numbers, numbers.length)
                        .bytes());
        try (Weights weights = Weights.open(folder)) {
            StoredTensor a = weights.get("a");
            assertThat(all(a)).isEqualTo(numbers);
            float[] part = new float[40_000];
            a.read(60_003, part, 40_000);
            assertThat(part[0]).isEqualTo(60_003);
            assertThat(part[39_999]).isEqualTo(100_002);
            assertThatThrownBy(() -> a.read(60_004, part, 40_000)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void readsBeyondTwoGibibytes() throws IOException {
        long numbers = (1L << 31) + 10;
        byte[] start = Safetensors.of(
                "{\"a\":{\"dtype\":\"BF16\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(numbers, 2 * numbers),
                new byte[0]);
        // The rest is a hole in the file, which takes no space on the disk.
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.write(start);
            file.setLength(start.length + 2 * numbers);
            file.seek(start.length + 2 * (numbers - 1));
            file.write(Safetensors.shorts(0x4040));
        }
        try (Weights weights = Weights.open(folder)) {
            float[] last = new float[2];
            weights.get("a").read(numbers - 2, last, 2);
            assertThat(last).containsExactly(0, 3);
        }
    }

    @Test
    void refusesWeightsThatAreNotFinite() throws IOException {
        write(
                "model.safetensors",
                new Safetensors()
                        .with("nan", new float[] {1, Float.NaN}, 2)
                        .with("wide", "F64", Safetensors.doubles(1e300), 1)
                        .with("half", "F16", Safetensors.shorts(0x7c00), 1)
                        .with("bf16", "BF16", Safetensors.shorts(0x7fc0), 1)
                        .bytes());
        try (Weights weights = Weights.open(folder)) {
            assertRefused(() -> all(weights.get("nan")), "tensor \"nan\" holds NaN as its number 1");
            assertRefused(() -> all(weights.get("wide")), "tensor \"wide\" holds Infinity as its number 0");
            assertRefused(() -> all(weights.get("half")), "tensor \"half\" holds Infinity");
            assertRefused(() -> all(weights.get("bf16")), "tensor \"bf16\" holds NaN");
        }
    }

    @Test
    void refusesToReadNumbersThatAreNoWeights() throws IOException {
        write(
                "model.safetensors",
                new Safetensors().with("ids", "I64", new byte[16], 2).bytes());
        try (Weights weights = Weights.open(folder)) {
            assertRefused(() -> all(weights.get("ids")), "tensor \"ids\" is of the kind I64");
        }
    }

    @Test
    void namesATensorThatIsMissing() throws IOException {
        writeShards();
        try (Weights weights = Weights.open(folder)) {
            assertRefused(() -> weights.get("c"), "its weights have no tensor \"c\"");
        }
    }

    @Test
    void readsShardsAsOne() throws IOException {
        writeShards();
        try (Weights weights = Weights.open(folder)) {
            assertThat(weights.names()).containsExactly("a", "b");
            assertThat(all(weights.get("a"))).containsExactly(1, 2);
            assertThat(all(weights.get("b"))).containsExactly(3);
        }
    }

    @Test
    void digestsTheContentsInTheOrderOfTheNames() throws Exception {
        writeShards();
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(Files.readAllBytes(folder.resolve("model-00001-of-00002.safetensors")));
        both.write(Files.readAllBytes(folder.resolve("model-00002-of-00002.safetensors")));
        try (Weights weights = Weights.open(folder)) {
            assertThat(weights.digest())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(both.toByteArray())));
        }
    }

    @Test
    void refusesAShardThatLacksATensor() throws IOException {
        writeShards();
        writeIndex("\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\","
                + "\"c\":\"model-00002-of-00002.safetensors\"");
        assertRefused(() -> Weights.open(folder), "model-00002-of-00002.safetensors lacks the tensor \"c\"");
    }

    @Test
    void refusesATensorThatTheIndexPlacesElsewhere() throws IOException {
        writeShards();
        writeIndex("\"a\":\"model-00001-of-00002.safetensors\",\"x\":\"model-00002-of-00002.safetensors\"");
        assertRefused(() -> Weights.open(folder), "holds the tensor \"b\", which the index does not place there");
        writeIndex("\"a\":\"model-00002-of-00002.safetensors\",\"b\":\"model-00001-of-00002.safetensors\"");
        assertRefused(() -> Weights.open(folder), "holds the tensor \"a\", which the index does not place there");
    }

    @Test
    void refusesAShardThatIsNotThere() throws IOException {
        writeShards();
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
        assertRefused(() -> Weights.open(folder), "model-00002-of-00002.safetensors: there is no such file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../model.safetensors",
                "/etc/passwd",
                "a/b.safetensors",
                "..",
                "",
                "model.bin",
                "C:model.safetensors",
                "a\\u0000.safetensors"
            })
    void refusesAShardOutsideOfTheDirectory(String shard) throws IOException {
        writeIndex("\"a\":\"" + shard + "\"");
        assertRefused(() -> Weights.open(folder), "is not the plain name of a safetensors file");
    }

    @Test
    void refusesAnIndexWithoutAMap() throws IOException {
        write("model.safetensors.index.json", "{}".getBytes(UTF_8));
        assertRefused(() -> Weights.open(folder), "\"weight_map\" is missing");
    }

    @Test
    void neverOpensAPickle() throws IOException {
        write("pytorch_model.bin", new byte[10]);
        assertRefused(() -> Weights.open(folder), "its weights are a Python pickle");
        assertRefused(() -> Weights.open(folder), "safe_serialization=True");
    }

    @Test
    void refusesADirectoryWithoutWeights() throws IOException {
        assertRefused(() -> Weights.open(folder), "it has neither model.safetensors nor");
        Files.createDirectory(folder.resolve("model.safetensors"));
        assertRefused(() -> Weights.open(folder), "there is no such file");
    }

    @Test
    void saysThatAFileShrankWhileItWasRead() throws IOException {
        Path file = write(
                "model.safetensors",
                new Safetensors().with("a", new float[] {1, 2, 3}, 3).bytes());
        try (Weights weights = Weights.open(folder);
                RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() - 4);
            assertThatThrownBy(() -> all(weights.get("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it was cut short");
        }
    }

    private void writeShards() throws IOException {
        write(
                "model-00001-of-00002.safetensors",
                new Safetensors().with("a", new float[] {1, 2}, 2).bytes());
        write(
                "model-00002-of-00002.safetensors",
                new Safetensors().with("b", new float[] {3}, 1).bytes());
        writeIndex("\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"");
    }

    private void writeIndex(String map) throws IOException {
        String index = "{\"metadata\":{\"total_size\":12},\"weight_map\":{" + map + "}}";
        write("model.safetensors.index.json", index.getBytes(UTF_8));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static float[] all(StoredTensor tensor) throws IOException {
        float[] numbers = new float[(int) tensor.numbers()];
        tensor.read(0, numbers, numbers.length);
        return numbers;
    }

    private static void assertRefused(ThrowingCallable open, String why) {
        assertThatThrownBy(open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read ")
                .hasMessageContaining(why);
    }
}
