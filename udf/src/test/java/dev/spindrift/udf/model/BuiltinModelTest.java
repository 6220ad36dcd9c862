package dev.spindrift.udf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.udf.lexical.Features;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BuiltinModelTest {
    private static EmbeddingModel model;

    @BeforeAll
    static void open() {
        model = Models.open(ModelSettings.of("builtin"), "cpu");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void agreesWithAReferenceInDoublePrecision() throws IOException {
        FloatBuffer projection = projection();
        List<String> texts = someTexts();
        float[][] vectors = embed(texts);
        for (int i = 0; i < texts.size(); i++) {
            double[] expected = reference(projection, BuiltinModel.FEATURES.of(texts.get(i)));
            assertThat(cosine(vectors[i], expected)).isGreaterThanOrEqualTo(0.999999);
            for (int j = 0; j < expected.length; j++) {
                assertThat((double) vectors[i][j]).isCloseTo(expected[j], org.assertj.core.data.Offset.offset(1e-6));
            }
        }
    }

    @Test
    void givesATextTheSameBitsAloneAndInAnyBatch() {
        List<String> texts = someTexts();
        float[][] alone = new float[texts.size()][];
        for (int i = 0; i < alone.length; i++) {
            alone[i] = model.embedDocument(texts.get(i));
        }
        Random random = new Random(11);
        for (int round = 0; round < 20; round++) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            List<Integer> batch = order.subList(0, 1 + random.nextInt(order.size()));
            float[][] together = embed(batch.stream().map(texts::get).toList());
            for (int i = 0; i < together.length; i++) {
                assertThat(together[i]).containsExactly(alone[batch.get(i)]);
            }
        }
    }

    @Test
    void givesAUnitVectorToTextsWithoutWords() {
        for (String text : List.of("", " ", "\u00A0", "!", "?!...", "\uD83D", "🌊", "\u0301", "the", "0")) {
            float[] vector = model.embedDocument(text);
            double square = 0;
            for (float number : vector) {
                square += (double) number * number;
            }
            assertThat(square).as(text).isBetween(0.9999, 1.0001);
        }
    }

    @Test
    void refusesATextLongerThanItReads() {
        assertThat(embed(List.of("word ".repeat(512)))).hasDimensions(1, 256);
        assertThatThrownBy(() -> embed(List.of("fits", "word ".repeat(513))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("513 tokens")
                .hasMessageContaining("at most 512");
    }

    @Test
    void embedsNothingAsNothing() {
        assertThat(model.embed(List.of())).isEmpty();
    }

    @Test
    void bringsTextsThatShareWordsNearEachOther() {
        float[][] vectors = embed(List.of(
                "How are consumer offsets committed?",
                "Committing the offset of a consumer group",
                "Clustering keys prune micro-partitions of a large table"));
        assertThat(cosine(vectors[0], vectors[1])).isGreaterThan(cosine(vectors[0], vectors[2]) + 0.2);
    }

    @Test
    void refusesAModelItDoesNotKnow() {
        assertThatThrownBy(() -> Models.open(ModelSettings.of("minilm"), "cpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot find model \"minilm\"")
                .hasMessageContaining("builtin");
    }

    private static List<String> someTexts() {
        Random random = new Random(3);
        String[] words = ("stream table offset commit warehouse vector Straße 数据流 ภาษา данные searching partitions "
                        + "the of and ! . , ( ) ## 🌊 backpressure checkpointing exactly-once 42 3.14")
                .split(" ", -1);
        List<String> texts = new ArrayList<>();
        for (int length : new int[] {1, 2, 3, 7, 31, 32, 33, 64, 100, 128, 200, 256, 300, 350}) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append(words[random.nextInt(words.length)]).append(' ');
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static FloatBuffer projection() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BuiltinModel.PROJECTION.writeTo(bytes);
        return ByteBuffer.wrap(bytes.toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
    }

    private static double[] reference(FloatBuffer projection, Features features) {
        int columns = BuiltinModel.PROJECTION.columns();
        double[] sums = new double[columns];
        for (int i = 0; i < features.size(); i++) {
            for (int column = 0; column < columns; column++) {
                sums[column] +=
                        (double) features.weights()[i] * projection.get(features.buckets()[i] * columns + column);
            }
        }
        double square = 0;
        for (double sum : sums) {
            square += sum * sum;
        }
        for (int column = 0; column < columns; column++) {
            sums[column] /= Math.sqrt(square);
        }
        return sums;
    }

    private static double cosine(float[] a, float[] b) {
        double[] wide = new double[b.length];
        for (int i = 0; i < b.length; i++) {
            wide[i] = b[i];
        }
        return cosine(a, wide);
    }

    private static double cosine(float[] a, double[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < b.length; i++) {
            dot += a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }

    private static float[][] embed(List<String> texts) {
        return model.embed(texts.stream().map(model.tokenizer()::document).toList());
    }
}
