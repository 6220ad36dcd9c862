package dev.spindrift.udf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spindrift.udf.reference.Family;
import dev.spindrift.udf.reference.TinyModel;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.torch.ScriptModule;
import dev.spindrift.udf.torch.ScriptTensor;
import dev.spindrift.udf.torch.TorchScriptArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that the user brings: here one that gives each token its row of a table. */
class TorchScriptModelTest {
    private static final int VOCABULARY = 1500;
    private static final int HIDDEN = 48;
    private static final String TOKENS = """
            class Table(Module):
              __parameters__ = []
              __buffers__ = ["rows", ]
              training : bool
              rows : Tensor
              def forward(self: __torch__.Table,
                  ids: Tensor,
                  mask: Tensor) -> Tuple[Tensor, Tensor]:
                found = torch.embedding(self.rows, ids)
                return (torch.mul(found, torch.unsqueeze(mask, -1)), mask)
            """;
    private static final String SENTENCES = TOKENS.replace("Tuple[Tensor, Tensor]", "Tensor")
            .replace("return (torch.mul(found, torch.unsqueeze(mask, -1)), mask)", "return torch.sum(found, [1])");
    private static final List<String> TEXTS = List.of("one", "two of them", "three of a kind", "and four", "a");

    @TempDir
    private Path folder;

    @Test
    void poolsTheTokensAsItsDirectorySays() throws IOException {
        Path directory = directory(TOKENS);
        try (EmbeddingModel model = Models.open(ModelSettings.of(directory.toString()), "cpu")) {
            assertThat(model.info().dimension()).isEqualTo(HIDDEN);
            List<ModelInput> inputs =
                    TEXTS.stream().map(model.tokenizer()::document).toList();
            float[][] vectors = model.embed(inputs);
            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(cosine(vectors[i], sum(inputs.get(i).ids()))).isCloseTo(1, within(1e-6));
                assertThat(length(vectors[i])).isCloseTo(1, within(1e-6));
                assertThat(model.embedDocument(TEXTS.get(i))).isEqualTo(vectors[i]);
            }
        }
    }

    @Test
    void takesOneVectorPerTextAsItIs() throws IOException {
        Path directory = directory(SENTENCES);
        try (EmbeddingModel model = Models.open(ModelSettings.of(directory.toString()), "cpu")) {
            ModelInput input = model.tokenizer().document("two of them");
            assertThat(cosine(model.embed(List.of(input))[0], sum(input.ids()))).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void saysWhatIsWrongWithItsResult() throws IOException {
        Path directory = directory(SENTENCES.replace("torch.sum(found, [1])", "torch.sum(found)"));
        try (EmbeddingModel model = Models.open(ModelSettings.of(directory.toString()), "cpu")) {
            assertThatThrownBy(() -> model.embedDocument("two of them")).hasMessageContaining("hidden_size 48");
        }
    }

    @Test
    void refusesAnotherPrecision() throws IOException {
        Path directory = directory(TOKENS);
        assertThatThrownBy(() -> Models.open(new ModelSettings(directory.toString(), Precision.BF16, 0), "cpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Leave out embed.precision");
    }

    private Path directory(String code) throws IOException {
        Path directory =
                TinyModel.of(Family.BERT).vocab(VOCABULARY).hidden(HIDDEN).write(folder.resolve("table"));
        Files.delete(directory.resolve("model.safetensors"));
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("rows", new Rows());
        try (OutputStream out = Files.newOutputStream(directory.resolve("model.pt"))) {
            new TorchScriptArchive(new ScriptModule("Table", attributes), Map.of("__torch__.py", code)).writeTo(out);
        }
        return directory;
    }

    private static float number(int row, int column) {
        return (float) Math.sin(row * 31 + column * 7);
    }

    private static double[] sum(int[] ids) {
        double[] sum = new double[HIDDEN];
        for (int id : ids) {
            for (int i = 0; i < HIDDEN; i++) {
                sum[i] += number(id, i);
            }
        }
        return sum;
    }

    private static double cosine(float[] a, double[] b) {
        double dot = 0;
        double square = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            square += b[i] * b[i];
        }
        return dot / length(a) / Math.sqrt(square);
    }

    private static double length(float[] vector) {
        double square = 0;
        for (float number : vector) {
            square += (double) number * number;
        }
        return Math.sqrt(square);
    }

    private static final class Rows implements ScriptTensor {
        @Override
        public Kind kind() {
            return Kind.FLOAT;
        }

        @Override
        public long[] shape() {
            return new long[] {VOCABULARY, HIDDEN};
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            ByteBuffer bytes =
                    ByteBuffer.allocate(VOCABULARY * HIDDEN * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int row = 0; row < VOCABULARY; row++) {
                for (int column = 0; column < HIDDEN; column++) {
                    bytes.putFloat(number(row, column));
                }
            }
            out.write(bytes.array());
        }
    }
}
