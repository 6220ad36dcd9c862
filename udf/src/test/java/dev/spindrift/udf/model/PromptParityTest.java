package dev.spindrift.udf.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.reference.Family;
import dev.spindrift.udf.reference.PoolingMode;
import dev.spindrift.udf.reference.ReferenceEncoder;
import dev.spindrift.udf.reference.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts with prompts, and vectors cut short, against the reference. */
class PromptParityTest {
    private static final List<String> TEXTS = List.of(
            "The snow tables are streaming.", "", "a", "  spaces  and\nlines ", "été 你好 😀", "don’t ".repeat(20));

    @TempDir
    Path directory;

    @TempDir
    Path withoutPrompts;

    @ParameterizedTest
    @EnumSource
    void putsThePromptBeforeTheText(Family family) throws IOException {
        ReferenceEncoder reference = write(model(family), family);
        try (EmbeddingModel model = Models.open(ModelSettings.of(directory.toString()), "cpu")) {
            for (String text : TEXTS) {
                check(model.embedQuery(text), reference.embed(plain("query: " + text), 0));
                check(model.embedDocument(text), reference.embed(plain("passage: " + text), 0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void neitherCutsNorPadsWhateverTheTokenizerSays(Family family) throws IOException {
        ReferenceEncoder reference = write(TinyModel.of(family).seed(31).tokenizerCutsAt(8), family);
        try (EmbeddingModel model = Models.open(ModelSettings.of(directory.toString()), "cpu")) {
            for (String text : TEXTS) {
                check(model.embedDocument(text), reference.embed(plain(text), 0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesThePromptOutOfPooling(PoolingMode mode) throws IOException {
        ReferenceEncoder reference = write(model(Family.BERT).pooling(mode).poolWithoutPrompt(), Family.BERT);
        try (EmbeddingModel model = Models.open(ModelSettings.of(directory.toString()), "cpu")) {
            // The start token and the prompt's, without the end token.
            int prompt = plain("query: ").length - 1;
            for (String text : TEXTS) {
                check(model.embedQuery(text), reference.embed(plain("query: " + text), prompt));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Family.class,
            names = {"BERT", "QWEN3"})
    void keepsTheFirstNumbersAtLengthOne(Family family) throws IOException {
        ReferenceEncoder reference = write(model(family), family);
        ModelSettings shortened = new ModelSettings(directory.toString(), Precision.FP32, 16);
        try (EmbeddingModel model = Models.open(shortened, "cpu")) {
            assertThat(model.info().dimension()).isEqualTo(16);
            double[] whole = reference.embed(plain("passage: snow"), 0);
            double length = Math.sqrt(
                    IntStream.range(0, 16).mapToDouble(i -> whole[i] * whole[i]).sum());
            check(
                    model.embedDocument("snow"),
                    IntStream.range(0, 16).mapToDouble(i -> whole[i] / length).toArray());
        }
    }

    private static TinyModel model(Family family) {
        return TinyModel.of(family).seed(31).prompt("query", "query: ").prompt("document", "passage: ");
    }

    private ReferenceEncoder write(TinyModel model, Family family) throws IOException {
        model.write(directory);
        TinyModel.of(family).seed(31).write(withoutPrompts);
        return ReferenceEncoder.read(directory);
    }

    /** The ids of a text alone, by the same tokenizer. */
    private int[] plain(String text) {
        ModelSettings settings = ModelSettings.of(withoutPrompts.toString());
        return Models.tokenizer(settings).document(text).ids();
    }

    private static void check(float[] is, double[] ought) {
        Parity parity = Parity.of(is, ought);
        assertThat(parity.cosine()).isGreaterThan(0.999999);
        assertThat(parity.error()).isLessThan(2e-6);
    }
}
