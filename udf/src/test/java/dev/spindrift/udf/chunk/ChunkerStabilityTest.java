package dev.spindrift.udf.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.chunk.EditedDocument.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What edits cost, over seeded random edits of seeded random documents of about 100 chunks.
 *
 * <p>{@code mvn -pl udf test -Dtest=ChunkerStabilityTest -Dspindrift.edits=4000} measures more of them; each shape prints
 * the share of edits that made 0, 1, 2, ... chunk texts, and the sizes of chunks.
 */
class ChunkerStabilityTest {
    private static final int EDITS = Integer.getInteger("spindrift.edits", 400);
    private static final int EDITS_OF_ONE_DOCUMENT = 40;
    private static final String LATIN = "abcdefghijklmnopqrstuvwxyz";
    private static final String GREEK = "αβγδεζηθικλμνξοπρστυφχψω";
    private static final String BLANK_LINE = "\n\n";

    static List<Arguments> ordinaryDocuments() {
        return List.of(
                Arguments.of(new Shape("20 to 150 words", 20, 150, 0, BLANK_LINE, LATIN), 512),
                Arguments.of(new Shape("20 to 60 words", 20, 60, 0, BLANK_LINE, LATIN), 512),
                Arguments.of(new Shape("60 to 150 words", 60, 150, 0, BLANK_LINE, LATIN), 512),
                Arguments.of(new Shape("20 to 150 words under headings", 20, 150, 8, BLANK_LINE, LATIN), 512),
                Arguments.of(new Shape("20 to 150 words of Greek", 20, 150, 0, BLANK_LINE, GREEK), 512),
                Arguments.of(new Shape("20 to 80 words, close cap", 20, 80, 0, BLANK_LINE, LATIN), 254),
                Arguments.of(new Shape("20 to 80 words under headings, close cap", 20, 80, 6, BLANK_LINE, LATIN), 254));
    }

    static List<Arguments> oddDocuments() {
        return List.of(
                Arguments.of(new Shape("20 to 200 words", 20, 200, 0, BLANK_LINE, LATIN), 512),
                Arguments.of(new Shape("20 to 150 words, close cap", 20, 150, 0, BLANK_LINE, LATIN), 254),
                Arguments.of(new Shape("one paragraph of sentences", 20, 60, 0, " ", LATIN), 512),
                Arguments.of(new Shape("one paragraph of sentences, close cap", 20, 60, 0, " ", LATIN), 254));
    }

    @ParameterizedTest
    @MethodSource("ordinaryDocuments")
    void costsAtMostThreeTextsToEditAParagraph(Shape shape, int cap) {
        assertThat(measure(shape, cap)).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("oddDocuments")
    void costsFewTextsToEditAnOddDocument(Shape shape, int cap) {
        assertThat(measure(shape, cap)).isLessThanOrEqualTo(6);
    }

    private static int measure(Shape shape, int cap) {
        Chunker chunker = new Chunker(ChunkSettings.DEFAULTS, new WordTokenizer(), cap);
        int[] costs = new int[40];
        IntList sizes = new IntList();
        int worst = 0;
        for (int seed = 0; seed < EDITS / EDITS_OF_ONE_DOCUMENT; seed++) {
            EditedDocument document = new EditedDocument(shape, new Random(seed), 100);
            List<Chunk> chunks = document.chunks(chunker);
            chunks.forEach(chunk -> sizes.add(chunk.tokens()));
            Set<String> texts = new HashSet<>();
            chunks.forEach(chunk -> texts.add(chunk.text()));
            for (int edit = 0; edit < EDITS_OF_ONE_DOCUMENT; edit++) {
                int cost = document.cost(chunker, texts);
                costs[Math.min(cost, costs.length - 1)]++;
                worst = Math.max(worst, cost);
            }
        }
        report(shape, cap, costs, worst, sizes);
        return worst;
    }

    private static void report(Shape shape, int cap, int[] costs, int worst, IntList sizes) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "REPORT %s, cap %d:", shape.name(), cap));
        for (int cost = 0; cost <= worst && cost < costs.length; cost++) {
            line.append(String.format(Locale.ROOT, " %d: %.3f%%", cost, 100.0 * costs[cost] / EDITS));
        }
        int[] sorted = new int[sizes.size()];
        long sum = 0;
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = sizes.get(i);
            sum += sorted[i];
        }
        Arrays.sort(sorted);
        line.append(String.format(
                Locale.ROOT,
                "; tokens of a chunk: mean %d, p5 %d, p50 %d, p95 %d, most %d",
                sum / sorted.length,
                sorted[sorted.length / 20],
                sorted[sorted.length / 2],
                sorted[sorted.length * 19 / 20],
                sorted[sorted.length - 1]));
        System.out.println(line);
    }
}
