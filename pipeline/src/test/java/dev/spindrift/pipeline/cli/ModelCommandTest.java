package dev.spindrift.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.model.Precision;
import dev.spindrift.udf.reference.Family;
import dev.spindrift.udf.reference.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandTest {
    @TempDir
    Path folder;

    @Test
    void tellsWhatAModelIs() throws Exception {
        Path model = TinyModel.of(Family.BERT).write(folder.resolve("tiny-bert"));
        ModelInfo info = Models.info(new ModelSettings(model.toString(), Precision.BF16, 32));

        assertThat(output(
                        "model",
                        "info",
                        model.toString(),
                        "--set",
                        "embed.precision=bf16",
                        "--set",
                        "embed.dimension=32"))
                .containsExactly(
                        "model        tiny-bert",
                        "source       " + model,
                        "fingerprint  " + info.fingerprint(),
                        "dimension    32",
                        "max tokens   158",
                        "precision    bf16",
                        "table        EMBEDDINGS_TINY_BERT");
    }

    @Test
    void printsTheNameToPutIntoTheConfiguration() throws Exception {
        assertThat(output("model", "pull", "builtin")).containsExactly("builtin");
    }

    private static List<String> output(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(SpindriftCommand.run(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
