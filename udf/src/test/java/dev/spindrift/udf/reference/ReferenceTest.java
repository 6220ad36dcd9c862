package dev.spindrift.udf.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceTest {

    @ParameterizedTest
    @EnumSource
    void writesTheSameBytesForTheSameSettings(Family family, @TempDir Path first, @TempDir Path second)
            throws IOException {
        TinyModel model = TinyModel.of(family).shards(2).dense(8, true, "Tanh").tokenizerCutsAt(32);
        assertThat(files(model.write(first))).isEqualTo(files(model.write(second)));
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
