package dev.spindrift.udf.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.spindrift.udf.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceTest {
    private static final Map<String, Object> ROPE = Map.of("rope_type", "default", "rope_theta", 10000);

    @ParameterizedTest
    @EnumSource
    void writesTheSameBytesForTheSameSettings(Family family, @TempDir Path first, @TempDir Path second)
            throws IOException {
        TinyModel model = TinyModel.of(family).shards(2).dense(8, true, "Tanh").tokenizerCutsAt(32);
        assertThat(files(model.write(first))).isEqualTo(files(model.write(second)));
    }

    @ParameterizedTest
    @EnumSource
    void tellsSequencesAndTheirOrderApart(Family family, @TempDir Path directory) throws IOException {
        ReferenceEncoder encoder = ReferenceEncoder.read(TinyModel.of(family).write(directory));
        double[] vector = encoder.embed(new int[] {7, 300, 400, 500, 8}, 0);
        assertThat(product(vector, vector)).isCloseTo(1, within(1e-12));
        assertThat(product(vector, encoder.embed(new int[] {7, 500, 400, 300, 8}, 0)))
                .isBetween(-0.2, 0.999);
        assertThat(product(vector, encoder.embed(new int[] {7, 301, 401, 501, 8}, 0)))
                .isBetween(-0.9, 0.97);
    }

    @Test
    void seesNothingThatFollowsInADecoder(@TempDir Path directory) throws IOException {
        ReferenceEncoder decoder =
                ReferenceEncoder.read(TinyModel.of(Family.QWEN3).write(directory));
        double[][] shorter = decoder.hidden(new int[] {7, 300, 400});
        double[][] longer = decoder.hidden(new int[] {7, 300, 400, 500, 8});
        assertThat(Arrays.copyOf(longer, 3)).isDeepEqualTo(shorter);
    }

    @Test
    void seesOnlyNearTokensInALocalLayer(@TempDir Path directory) throws IOException {
        ReferenceEncoder encoder = ReferenceEncoder.read(TinyModel.of(Family.MODERNBERT)
                .layers(1)
                .config("layer_types", List.of("sliding_attention"))
                .config("rope_parameters", Map.of("full_attention", ROPE, "sliding_attention", ROPE))
                .config("local_attention", 6)
                .write(directory));
        double[][] before = encoder.hidden(new int[] {10, 11, 12, 13, 14, 15, 16, 17});
        double[][] after = encoder.hidden(new int[] {10, 11, 12, 13, 14, 15, 16, 99});
        for (int t = 0; t < 8; t++) {
            boolean near = 7 - t <= 3;
            assertThat(Arrays.equals(before[t], after[t])).as("token %s", t).isEqualTo(!near);
        }
    }

    @Test
    void readsTheSameModelFromAnyFileLayout(@TempDir Path plain, @TempDir Path sharded) throws IOException {
        int[] ids = {7, 300, 400, 8};
        TinyModel.of(Family.BERT).write(plain);
        TinyModel.of(Family.BERT).shards(4).prefix("bert.").write(sharded);
        assertThat(ReferenceEncoder.read(sharded).embed(ids, 0))
                .isEqualTo(ReferenceEncoder.read(plain).embed(ids, 0));
    }

    @Test
    void poolsAsThePublishedFormulasSay() {
        double[][] hidden = {{1, -8}, {2, 4}, {6, 1}, {7, 7}};
        assertThat(ReferencePooling.pool(hidden, 0, PoolingMode.CLS)).containsExactly(1, -8);
        assertThat(ReferencePooling.pool(hidden, 0, PoolingMode.MAX)).containsExactly(7, 7);
        assertThat(ReferencePooling.pool(hidden, 0, PoolingMode.MEAN)).containsExactly(4, 1);
        assertThat(ReferencePooling.pool(hidden, 0, PoolingMode.MEAN_SQRT_LEN)).containsExactly(8, 2);
        assertThat(ReferencePooling.pool(hidden, 0, PoolingMode.WEIGHTED_MEAN)).containsExactly(5.1, 3.1);
        assertThat(ReferencePooling.pool(hidden, 0, PoolingMode.LAST_TOKEN)).containsExactly(7, 7);
        assertThat(ReferencePooling.pool(hidden, 2, PoolingMode.CLS)).containsExactly(6, 1);
        assertThat(ReferencePooling.pool(hidden, 2, PoolingMode.MEAN)).containsExactly(6.5, 4);
        assertThat(ReferencePooling.pool(hidden, 2, PoolingMode.WEIGHTED_MEAN))
                .containsExactly(new double[] {46 / 7.0, 31 / 7.0}, within(1e-15));
    }

    @Test
    void putsDistancesIntoMpnetsBuckets() {
        int[][] bucketOfDistance = {
            {0, 0}, {1, 1}, {7, 7}, {8, 8}, {11, 8}, {12, 9}, {15, 9}, {16, 10}, {22, 10}, {23, 11}, {31, 11}, {32, 12},
            {45, 12}, {46, 13}, {63, 13}, {64, 14}, {90, 14}, {91, 15}, {127, 15}, {128, 15}, {500, 15}
        };
        for (int[] pair : bucketOfDistance) {
            assertThat(ReferenceBert.bucket(pair[0])).as("%s before", pair[0]).isEqualTo(pair[1]);
            assertThat(ReferenceBert.bucket(-pair[0]))
                    .as("%s after", pair[0])
                    .isEqualTo(pair[0] == 0 ? 0 : 16 + pair[1]);
        }
    }

    @Test
    void stretchesAnglesByNtk() {
        JsonObject scaling = Json.object("type", "ntk", "factor", 8.0);
        double[] plain = Rotary.speeds(10000, 8);
        double[] stretched = ReferenceGte.speeds(10000, 8, scaling);
        assertThat(plain).containsExactly(new double[] {1, 0.1, 0.01, 0.001}, within(1e-15));
        // The fastest by 8^(-1/4); each further one by 8^(-1/4) more; so the slowest by 8.
        for (int i = 0; i < 4; i++) {
            assertThat(stretched[i] / plain[i]).isCloseTo(Math.pow(8, -(i + 1) / 4.0), within(1e-15));
        }
    }

    @Test
    void holdsNumbersAsEachKindDoes() {
        double[] numbers = {0, 1, -1, 0.1, 65504, 6.1e-5, 5.9e-8, -1.0 / 3, 2.5e-5, 1023.75, 2047.9};
        double[] halves = {
            0, 1, -1, 0.0999755859375, 65504, 1023 * 0x1p-24, 0x1p-24, -0.333251953125, 419 * 0x1p-24, 1024, 2048
        };
        ByteBuffer buffer = ByteBuffer.allocate(2);
        for (int i = 0; i < numbers.length; i++) {
            NumberKind.F16.put(buffer.clear(), numbers[i]);
            assertThat(NumberKind.F16.get(buffer.flip()))
                    .as("half %s", numbers[i])
                    .isEqualTo(halves[i]);
        }
        NumberKind.BF16.put(buffer.clear(), 1.0 / 3);
        assertThat(NumberKind.BF16.get(buffer.flip())).isEqualTo(0.333984375);
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The bytes of each file under a directory. */
    private static Map<String, String> files(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(path).toString(), Fingerprint.of(Files.readAllBytes(path)));
            }
        }
        return files;
    }
}
