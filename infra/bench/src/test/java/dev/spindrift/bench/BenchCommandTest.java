package dev.spindrift.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.bench.bert.RandomBert;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    private static final BertShape TINY = new BertShape(600, 64, 2, 4, 128, 512, 1e-12);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void timesAllContendersOnOneModelAndWritesTheRatios(@TempDir Path folder) throws Exception {
        Path model = Files.createDirectory(folder.resolve("model"));
        Path json = folder.resolve("bench.json");
        RandomBert.write(TINY, model);

        int code = run("embed", "--model", model.toString(), "--seconds", "1", "--json", json.toString());

        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("spindrift fp32", "onnxruntime fp32", "djl translator fp32", "bare loop fp32");
        JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        JsonObject ratios = report.getAsJsonObject("ratios");
        assertThat(ratios.keySet())
                .containsExactly(
                        "fp32_vs_onnxruntime",
                        "bf16_vs_onnxruntime",
                        "int8_vs_onnxruntime",
                        "fp32_vs_djl_translator",
                        "fp32_vs_bare_loop",
                        "fp32_vs_gemm_128");
        Machine machine = Machine.here();
        assertThat(ratios.get("bf16_vs_onnxruntime").isJsonNull()).isEqualTo(!machine.hasBf16());
        assertThat(ratios.get("int8_vs_onnxruntime").isJsonNull()).isEqualTo(!machine.hasInt8());
        for (JsonElement ratio : ratios.asMap().values()) {
            assertThat(ratio.isJsonNull() || ratio.getAsDouble() > 0).isTrue();
        }
        assertThat(report.getAsJsonArray("table")).isNotEmpty();
        assertThat(report.getAsJsonObject("versions").keySet()).contains("jdk", "libtorch", "djl", "onnxruntime");
    }

    @Test
    void saysWhatItCannotRun() {
        assertThat(run("embed", "--shape", "huge")).isEqualTo(2);
        assertThat(run("embed", "--seconds", "-1")).isEqualTo(2);
        assertThat(run("embed", "--fast")).isEqualTo(2);
        assertThat(run("embed", "--device", "tpu")).isEqualTo(2);
        assertThat(run("search")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("huge", "-1", "--fast", "tpu", "bench embed");
    }

    private int run(String... arguments) {
        return BenchCommand.run(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
