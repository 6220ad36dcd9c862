package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.torch.Devices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The lease on the real model. */
class SharedModelTest {
    private static final BatchSettings SETTINGS = new BatchSettings(2048, Duration.ofMillis(5), 1 << 16, 2);

    @Test
    void keepsMemoryFlatOverAHundredLoads() throws Exception {
        for (int i = 0; i < 10; i++) {
            embedSome();
        }
        long before = Devices.memoryInUse("cpu");
        for (int i = 0; i < 100; i++) {
            embedSome();
        }
        long growth = Devices.memoryInUse("cpu") - before;
        System.out.println("resident memory grew by " + growth / 1024 + " KiB over 100 loads of 32 MiB each");
        assertThat(growth).isLessThan(128 << 20);
    }

    private static void embedSome() throws Exception {
        try (SharedEmbedder first = lease();
                SharedEmbedder second = lease()) {
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

    private static SharedEmbedder lease() {
        return SharedEmbedder.acquire(ModelSettings.of("builtin"), List.of("cpu"), SETTINGS);
    }
}
