package dev.spindrift.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spindrift.pipeline.warehouse.SearchableText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Each expected number is worked out in the comment beside it. */
class MetricsTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static final double NOT_FOUND = Retriever.NOT_FOUND;

    /** Documents a, b, c and d; text 2 is in both b and c, and text 4 is a's second one. */
    private final Corpus corpus = new Corpus(List.of(
            text("k0", "d/d.md"),
            text("k1", "a/a.md"),
            text("k2", "b/b.md", "c/c.md"),
            text("k3", "d/d.md"),
            text("k4", "a/a.md"),
            text("k5", "c/c.md")));

    @Test
    void ranksADocumentByItsFirstText() {
        // Order: k0 (d), k4 (a), k1 (a) ...: a is at 2.
        Map<String, Double> metrics = metrics(question("a"), 0.9, 0.5, 0.1, 0.2, 0.7, 0.3);

        assertThat(metrics).containsOnlyKeys("recall@1", "recall@3", "mrr", "ndcg@10");
        assertThat(metrics.get("recall@1")).isZero();
        assertThat(metrics.get("recall@3")).isEqualTo(1);
        assertThat(metrics.get("mrr")).isEqualTo(0.5);
        // (1 / log2 3) / (1 / log2 2)
        assertThat(metrics.get("ndcg@10")).isCloseTo(0.630929753571457, EXACT);
    }

    @Test
    void ranksEqualScoresByTheOrderOfTheTexts() {
        // All are equal: k0 is first, k1 (a) second, k2 (b, c) third.
        assertThat(metrics(question("a"), 1, 1, 1, 1, 1, 1).get("mrr")).isEqualTo(0.5);
        assertThat(metrics(question("c"), 1, 1, 1, 1, 1, 1).get("mrr")).isCloseTo(1.0 / 3, EXACT);
    }

    @Test
    void sharesRecallAmongTheLabelledDocuments() {
        // d at 1, a at 3 (k0, k3, k1), b at 5.
        Map<String, Double> metrics = metrics(question("d", "a", "b"), 6, 4, 2, 5, 3, 1);

        assertThat(metrics.get("recall@1")).isCloseTo(1.0 / 3, EXACT);
        assertThat(metrics.get("recall@3")).isCloseTo(2.0 / 3, EXACT);
        assertThat(metrics.get("mrr")).isEqualTo(1);
        // Gained 1 + 1/log2 4 + 1/log2 6 = 1 + 0.5 + 0.386852807; ideal 1 + 1/log2 3 + 1/log2 4 = 2.130929754.
        assertThat(metrics.get("ndcg@10")).isCloseTo(1.88685280723454 / 2.13092975357146, EXACT);
    }

    @Test
    void doesNotGainMoreThanAllFromATextOfTwoDocuments() {
        Map<String, Double> metrics = metrics(question("b", "c"), 0, 0, 9, 0, 0, 0);

        assertThat(metrics.get("recall@1")).isEqualTo(1);
        assertThat(metrics.get("ndcg@10")).isEqualTo(1);
    }

    @Test
    void givesNothingForWhatIsNotFound() {
        Map<String, Double> metrics =
                metrics(question("a", "nowhere"), 1, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND);

        assertThat(metrics.values()).containsOnly(0.0);
    }

    @Test
    void cutsNdcgButNotMrrOffAtTen() {
        Corpus twelve = new Corpus(
                IntStream.range(0, 12).mapToObj(i -> text("k" + i, "d" + i)).toList());
        Map<String, Double> metrics =
                Metrics.of(question -> new double[12], twelve, List.of(question("d11")), new TreeSet<>(Set.of(10, 12)));

        assertThat(metrics.get("recall@10")).isZero();
        assertThat(metrics.get("recall@12")).isEqualTo(1);
        assertThat(metrics.get("mrr")).isCloseTo(1.0 / 12, EXACT);
        assertThat(metrics.get("ndcg@10")).isZero();
    }

    @Test
    void isTheMeanOverTheQuestions() {
        // d is at 1 and a at 2: (1 + 1/2) / 2.
        Map<String, Double> metrics = Metrics.of(
                question -> new double[] {9, 8, 0, 0, 0, 0},
                corpus,
                List.of(question("d"), question("a")),
                new TreeSet<>(Set.of(1)));

        assertThat(metrics.get("recall@1")).isEqualTo(0.5);
        assertThat(metrics.get("mrr")).isEqualTo(0.75);
    }

    private Map<String, Double> metrics(Question question, double... scores) {
        return Metrics.of(asked -> scores, corpus, List.of(question), new TreeSet<>(Set.of(1, 3)));
    }

    private static Question question(String... documents) {
        return new Question("what?", Set.of(documents));
    }

    private static SearchableText text(String key, String... documents) {
        return new SearchableText(key, "text of " + key, List.of(documents));
    }
}
