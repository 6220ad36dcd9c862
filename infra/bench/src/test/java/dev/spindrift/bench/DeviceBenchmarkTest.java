package dev.spindrift.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.spindrift.bench.bert.BertShape;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** On the CPU, which any machine has: it shows that all of it runs, not what a GPU gives. */
class DeviceBenchmarkTest {
    private static final BertShape TINY = new BertShape(600, 64, 2, 4, 128, 512, 1e-12);

    @Test
    void tellsRateShareAndIdleTimeByLength() throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

        String json =
                new DeviceBenchmark("cpu", TINY, Duration.ofSeconds(1), Path.of("gpu", "torch_loop.py"), nowhere).run();

        JsonObject found = JsonParser.parseString(json).getAsJsonObject();
        assertThat(found.get("matmul_tflops").getAsDouble()).isPositive();
        for (int length : new int[] {50, 512}) {
            JsonObject row = found.getAsJsonObject("texts_of_" + length);
            assertThat(row.get("tokens_per_second").getAsDouble()).isPositive();
            assertThat(row.get("share_of_matmul").getAsDouble()).isPositive();
            assertThat(row.get("idle_no_input").getAsDouble()).isNotNegative();
        }
    }
}
