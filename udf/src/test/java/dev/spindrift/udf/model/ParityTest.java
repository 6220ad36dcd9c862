package dev.spindrift.udf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.spindrift.udf.reference.ReferenceEncoder;
import dev.spindrift.udf.token.ModelInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small random models of each family, against a reference written apart from the code under test. */
class ParityTest {
    private static final ParityTable TABLE = new ParityTable();

    @TempDir
    Path directory;

    @AfterAll
    static void report() throws IOException {
        TABLE.write(Path.of("target", "parity.md"));
    }

    static Stream<ParityCase> all() {
        return Stream.of(ParityCase.usual(), ParityCase.variants(), RandomShapes.of(20))
                .flatMap(models -> models);
    }

    static Stream<ParityCase> usual() {
        return ParityCase.usual();
    }

    @ParameterizedTest
    @MethodSource("all")
    void givesTheReferencesVectorsInFp32(ParityCase model) throws IOException {
        Parity worst = worst(model, Precision.FP32);
        assertThat(worst.cosine()).isGreaterThan(0.999999);
        assertThat(worst.error()).isLessThan(4e-6); // measured: 1.2e-6
    }

    @ParameterizedTest
    @MethodSource("usual")
    void staysNearTheReferenceInBf16(ParityCase model) throws IOException {
        assertThat(1 - worst(model, Precision.BF16).cosine()).isLessThan(8e-4); // measured: 2.6e-4
    }

    @ParameterizedTest
    @MethodSource("usual")
    void staysNearTheReferenceInFp16(ParityCase model) throws IOException {
        assertThat(1 - worst(model, Precision.FP16).cosine()).isLessThan(9e-6); // measured: 2.8e-6
    }

    @ParameterizedTest
    @MethodSource("usual")
    void staysNearTheReferenceInInt8(ParityCase model) throws IOException {
        assumeThat(CpuFeatures.multipliesBytes())
                .as("the processor multiplies bytes")
                .isTrue();
        assertThat(1 - worst(model, Precision.INT8).cosine()).isLessThan(5e-3); // measured: 1.6e-3
    }

    /** Embeds sequences of many lengths alone and in batches, and checks that no vector depends on its batch. */
    private Parity worst(ParityCase model, Precision precision) throws IOException {
        model.model().write(directory);
        ReferenceEncoder reference = ReferenceEncoder.read(directory);
        Parity worst = Parity.EXACT;
        try (EmbeddingModel embedder = Models.open(new ModelSettings(directory.toString(), precision, 0), "cpu")) {
            List<ModelInput> inputs = inputs(embedder, model.lengths());
            List<float[]> alone = new ArrayList<>();
            for (ModelInput input : inputs) {
                float[] vector = embedder.embed(List.of(input))[0];
                alone.add(vector);
                worst = worst.or(Parity.of(vector, reference.embed(input.ids(), 0)));
            }
            checkBatches(embedder, inputs, alone);
        }
        TABLE.add(model, precision, worst);
        return worst;
    }

    private static void checkBatches(EmbeddingModel embedder, List<ModelInput> inputs, List<float[]> alone) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            order.add(i);
        }
        Random random = new Random(1);
        for (int size : new int[] {2, 5, inputs.size()}) {
            Collections.shuffle(order, random);
            for (int from = 0; from < order.size(); from += size) {
                List<Integer> batch = order.subList(from, Math.min(from + size, order.size()));
                float[][] vectors =
                        embedder.embed(batch.stream().map(inputs::get).toList());
                for (int i = 0; i < vectors.length; i++) {
                    assertThat(vectors[i])
                            .as(
                                    "%s tokens among %s texts",
                                    inputs.get(batch.get(i)).ids().length, batch.size())
                            .isEqualTo(alone.get(batch.get(i)));
                }
            }
        }
    }

    /** Random tokens between those that stand around each text. */
    private static List<ModelInput> inputs(EmbeddingModel embedder, List<Integer> lengths) {
        int[] around = embedder.tokenizer().document("").ids();
        Random random = new Random(1);
        List<ModelInput> inputs = new ArrayList<>();
        for (int length : lengths) {
            int[] ids = random.ints(length, 5, 890).toArray();
            if (length >= around.length) {
                ids[0] = around.length > 1 ? around[0] : ids[0];
                ids[length - 1] = around[around.length - 1];
            }
            inputs.add(new ModelInput("", Math.max(0, length - around.length), ids));
        }
        return inputs;
    }
}
