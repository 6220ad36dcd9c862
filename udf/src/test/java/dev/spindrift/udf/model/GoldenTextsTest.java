package dev.spindrift.udf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spindrift.udf.model.GoldenTexts.Difference;
import dev.spindrift.udf.reference.Family;
import dev.spindrift.udf.reference.TinyModel;
import dev.spindrift.udf.token.ModelInput;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenTextsTest {
    @TempDir
    Path folder;

    @Test
    void areOfManyLengthsAndFitTheModel() {
        ModelInfo builtin = Models.info(ModelSettings.of("builtin"));
        List<ModelInput> whole = GoldenTexts.inputs(Models.tokenizer(ModelSettings.of("builtin")), builtin.maxTokens());
        List<ModelInput> cut = GoldenTexts.inputs(Models.tokenizer(ModelSettings.of("builtin")), 10);

        assertThat(whole).hasSize(8);
        assertThat(whole.get(0).tokens()).isEqualTo(1);
        assertThat(whole.get(7).tokens()).isBetween(180, 260);
        assertThat(cut).extracting(ModelInput::tokens).allMatch(tokens -> tokens <= 10);
    }

    @Test
    void giveTheSameVectorsEachTimeAndOthersInAnotherModel() throws Exception {
        List<float[]> first = vectors(TinyModel.of(Family.BERT).write(folder.resolve("one")));
        List<float[]> again = vectors(folder.resolve("one"));
        List<float[]> other = vectors(TinyModel.of(Family.BERT).seed(2).write(folder.resolve("two")));

        assertThat(GoldenTexts.compare(first, again).largest()).isZero();
        for (Precision precision : Precision.values()) {
            assertThat(GoldenTexts.compare(first, again).isWithin(precision)).isTrue();
        }
        for (Precision precision : Precision.values()) {
            assertThat(GoldenTexts.compare(first, other).isWithin(precision))
                    .as(precision.toString())
                    .isFalse();
        }
    }

    @Test
    void tellOtherPrecisionsFromFp32() throws Exception {
        Path directory = TinyModel.of(Family.BERT).write(folder.resolve("model"));
        List<float[]> fp32 = vectors(directory);

        for (Precision other : List.of(Precision.BF16, Precision.FP16, Precision.INT8)) {
            Difference difference =
                    GoldenTexts.compare(fp32, vectors(new ModelSettings(directory.toString(), other, 0)));
            assertThat(difference.isWithin(Precision.FP32))
                    .as(other + ": " + difference)
                    .isFalse();
        }
    }

    @Test
    void bearWhatRoundingDoesAndNoMore() {
        List<float[]> before = List.of(new float[] {0.6f, 0.8f}, new float[] {1, 0});
        Difference tiny = GoldenTexts.compare(before, List.of(new float[] {0.600005f, 0.8f}, new float[] {2, 0}));
        Difference small = GoldenTexts.compare(before, List.of(new float[] {0.6f, 0.8f}, new float[] {1, 0.02f}));
        Difference large = GoldenTexts.compare(before, List.of(new float[] {0.8f, 0.6f}, new float[] {1, 0}));

        assertThat(tiny.largest()).isCloseTo(3.2e-6, within(1e-7));
        assertThat(tiny.isWithin(Precision.FP32)).isTrue();
        assertThat(small.isWithin(Precision.FP32)).isFalse();
        assertThat(small.isWithin(Precision.BF16)).isTrue();
        assertThat(large.cosine()).isCloseTo(0.96, within(1e-6));
        assertThat(large.isWithin(Precision.INT8)).isFalse();
    }

    @Test
    void neverBearWhatIsNotANumber() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Difference difference = GoldenTexts.compare(
                    List.of(new float[] {1, 0}, new float[] {0, 1}),
                    List.of(new float[] {1, wrong}, new float[] {0, 1}));
            assertThat(difference.isWithin(Precision.FP32)).isFalse();
            assertThat(difference.isWithin(Precision.BF16)).isFalse();
        }
    }

    @Test
    void refuseVectorsOfAnotherNumberOrLength() {
        assertThatThrownBy(() -> GoldenTexts.compare(List.of(new float[2]), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GoldenTexts.compare(List.of(new float[2]), List.of(new float[3])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<float[]> vectors(Path directory) {
        return vectors(ModelSettings.of(directory.toString()));
    }

    private static List<float[]> vectors(ModelSettings settings) {
        try (EmbeddingModel model = Models.open(settings, "cpu")) {
            return List.of(model.embed(
                    GoldenTexts.inputs(model.tokenizer(), model.info().maxTokens())));
        }
    }
}
