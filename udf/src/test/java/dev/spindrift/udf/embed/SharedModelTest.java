package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.model.ModelSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The lease on the real model. */
class SharedModelTest {

    @Test
    void keepsMemoryFlatOverFiftyLoads() throws Exception {
        for (int i = 0; i < 5; i++) {
            embedSome();
        }
        long before = residentKilobytes();
        for (int i = 0; i < 50; i++) {
            embedSome();
        }
        // One load is 32 MiB: fifty kept would be 1.6 GiB.
        assertThat(residentKilobytes() - before).isLessThan(200_000);
    }

    private static void embedSome() throws Exception {
        try (SharedEmbedder first = SharedEmbedder.acquire(ModelSettings.of("builtin"), BatchSettings.defaults());
                SharedEmbedder second = SharedEmbedder.acquire(ModelSettings.of("builtin"), BatchSettings.defaults())) {
            List<CompletableFuture<float[]>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add((i % 2 == 0 ? first : second).embed(Inputs.of("offset " + i, 2)));
            }
            for (CompletableFuture<float[]> answer : answers) {
                assertThat(answer.get()).hasSize(256);
            }
            assertThat(second.metrics().texts()).isEqualTo(40);
        }
    }

    private static long residentKilobytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(candidate -> candidate.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
