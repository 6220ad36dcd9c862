package dev.spindrift.pipeline.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.stream.IntStream;

/**
 * The metrics of a retriever over questions, means over the questions, each 0 to 1.
 *
 * <p>Texts are ranked by score, the highest first, those of equal score by their places in the corpus. The rank of a
 * labelled document is that of the first text of it, counted from 1 over the distinct texts; further texts of it
 * neither gain nor cost. Then, of each question,
 *
 * <ul>
 *   <li>recall@k is the share of its labelled documents whose rank is at most k;
 *   <li>MRR is the reciprocal of the best of their ranks, 0 if none is found, without a cut-off;
 *   <li>nDCG@10 is the sum of 1 / log2(1 + rank) over those within 10, divided by what it is when they stand first,
 *       one behind the other. Two documents that share their first text count as standing one behind the other.
 * </ul>
 */
public final class Metrics {
    private static final int NDCG_DEPTH = 10;
    private static final int NOT_FOUND = Integer.MAX_VALUE;

    private Metrics() {}

    /**
     * By name, in the order of a table's columns: {@code recall@k} for each of {@code depths}, {@code mrr}, {@code
     * ndcg@10}.
     */
    public static Map<String, Double> of(
            Retriever retriever, Corpus corpus, List<Question> questions, SortedSet<Integer> depths) {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (Question question : questions) {
            int[] ranks = ranks(retriever.scores(question.text()), corpus, question);
            depths.forEach(depth -> sums.merge("recall@" + depth, recall(ranks, depth), Double::sum));
            sums.merge("mrr", ranks[0] == NOT_FOUND ? 0 : 1.0 / ranks[0], Double::sum);
            sums.merge("ndcg@" + NDCG_DEPTH, ndcg(ranks), Double::sum);
        }
        sums.replaceAll((name, sum) -> sum / questions.size());
        return sums;
    }

    /** The ranks of the question's documents, the best first. */
    private static int[] ranks(double[] scores, Corpus corpus, Question question) {
        return question.documents().stream()
                .mapToInt(document -> rank(scores, corpus.textsOf(document)))
                .sorted()
                .toArray();
    }

    private static int rank(double[] scores, int[] texts) {
        // The first of the best, since min keeps the earlier of equals.
        OptionalInt best = IntStream.of(texts)
                .filter(text -> scores[text] != Retriever.NOT_FOUND)
                .reduce((a, b) -> scores[b] > scores[a] ? b : a);
        if (best.isEmpty()) {
            return NOT_FOUND;
        }
        int text = best.getAsInt();
        long before = IntStream.range(0, scores.length)
                .filter(other -> scores[other] > scores[text] || (scores[other] == scores[text] && other < text))
                .count();
        return 1 + (int) before;
    }

    private static double recall(int[] ranks, int depth) {
        return (double) Arrays.stream(ranks).filter(rank -> rank <= depth).count() / ranks.length;
    }

    private static double ndcg(int[] ranks) {
        double gained = 0;
        double ideal = 0;
        int last = 0;
        for (int i = 0; i < Math.min(ranks.length, NDCG_DEPTH); i++) {
            ideal += discount(i + 1);
            last = Math.max(ranks[i], last + 1);
            if (last <= NDCG_DEPTH) {
                gained += discount(last);
            }
        }
        return gained / ideal;
    }

    private static double discount(int rank) {
        return Math.log(2) / Math.log(1.0 + rank);
    }
}
