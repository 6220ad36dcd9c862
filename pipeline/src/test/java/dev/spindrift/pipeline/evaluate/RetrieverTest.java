package dev.spindrift.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RetrieverTest {

    @Test
    void scoresByTheCosineWhateverTheLength() {
        VectorRetriever retriever = new VectorRetriever(
                List.of(new float[] {0, 2}, new float[] {3, 4}, new float[] {0, 0}), question -> new float[] {1, 0});

        assertThat(retriever.scores("any")).containsExactly(0, 0.6, Retriever.NOT_FOUND);
    }

    @Test
    void scoresByBm25OverEnglishStems() throws Exception {
        try (Bm25Retriever retriever = new Bm25Retriever(List.of(
                "A cat sleeps.", "Cats and a dog and more words that make it longer.", "Nothing of the kind."))) {
            double[] scores = retriever.scores("the cat");

            // "cat" is in two of three texts: idf = ln(1 + 1.5/2.5), in texts of 2, 6 and 2 stems.
            // First text: tf = 1 / (1 + 1.2 (0.25 + 0.75 * 2 / (10/3))), without the constant factor k1 + 1.
            assertThat(scores[0]).isCloseTo(Math.log(1.6) / (1 + 1.2 * (0.25 + 0.75 * 2 / (10.0 / 3))), within(1e-3));
            assertThat(scores[1]).isPositive().isLessThan(scores[0]);
            assertThat(scores[2]).isEqualTo(Retriever.NOT_FOUND);
            assertThat(retriever.scores("of the")).containsOnly(Retriever.NOT_FOUND);
        }
    }
}
