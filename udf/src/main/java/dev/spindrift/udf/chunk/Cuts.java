package dev.spindrift.udf.chunk;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Chooses between which pieces of a stretch to cut, so that an edit moves only the cuts around it.
 *
 * <p>Cutting greedily from the left would move every cut after an edit. Here each boundary has a strength that its
 * neighbouring text alone decides, and the strengths of the neighbourhood alone decide whether it is a cut:
 *
 * <ol>
 *   <li>A boundary is a cut if it is the strongest within {@code reach} tokens on both sides. Such cuts lie at least
 *       {@code reach} and, on average, about {@code 2 * reach} apart, and none depends on what lies beyond its reach. So
 *       an edit that takes the strongest away can promote others, but never start a chain.
 *   <li>Where this leaves a stretch longer than {@code most}, it is parted at the boundary that dominates the widest
 *       neighbourhood, then at the next, until nothing is too long; each leaves {@code least} on both sides.
 * </ol>
 *
 * <p>The strength of a boundary is the hash of the piece after it less the hash of the piece before it. Compared with a
 * hash of only the text after it, this makes neighbours disagree: a new paragraph that strengthens the boundary before it
 * weakens the one behind it, so that one edit seldom makes two cuts. How variants compared, over edits of whole paragraphs
 * of 20 to 150 tokens in documents without headings (share of edits that changed more than 3 chunk texts): local maxima of
 * the hash after the boundary and again of half the reach in long stretches, 1 in 100; strongest first with a least
 * distance, 1 in 400; the cheapest cuts by dynamic programming, 1 in 15; removing the weakest while pieces stay small
 * enough, 1 in 100; local maxima, then widest dominance, 1 in 5000; the same with strengths that disagree, as here, about
 * 1 in 10000. {@code docs/chunking.md} says how to measure it again.
 *
 * <p>Equal strengths come from repeated text. They are cut near the target from the left: there every cut is as good as
 * any, and the same text gives the same chunk texts wherever it is cut.
 */
final class Cuts {
    private final Pieces pieces;
    private final Limits limits;
    private final int[] dominance;
    private final BitSet cuts;

    private Cuts(Pieces pieces, Limits limits) {
        this.pieces = pieces;
        this.limits = limits;
        this.dominance = dominance(pieces);
        this.cuts = new BitSet(pieces.size() + 1);
    }

    /** The pieces before which to cut, as bits; the first and the one after the last are always among them. */
    static BitSet of(Pieces pieces, Limits limits) {
        Cuts choice = new Cuts(pieces, limits);
        choice.cutAtStrongest();
        choice.partLongStretches(limits.least());
        choice.partLongStretches(Math.max(1, limits.least() / 3));
        return choice.cuts;
    }

    /** How many tokens it is from each boundary to the next at least as strong, before or behind it, or to the end. */
    private static int[] dominance(Pieces pieces) {
        int size = pieces.size();
        int[] tokens = pieces.tokens();
        float[] strengths = pieces.strengths();
        int[] dominance = new int[size + 1];
        int[] stronger = new int[size + 1];
        int depth = 0;
        for (int i = 1; i < size; i++) {
            while (depth > 0 && strengths[stronger[depth - 1]] < strengths[i]) {
                depth--;
            }
            dominance[i] = tokens[i] - (depth == 0 ? 0 : tokens[stronger[depth - 1]]);
            stronger[depth++] = i;
        }
        depth = 0;
        for (int i = size - 1; i > 0; i--) {
            while (depth > 0 && strengths[stronger[depth - 1]] <= strengths[i]) {
                depth--;
            }
            int behind = (depth == 0 ? tokens[size] : tokens[stronger[depth - 1]]) - tokens[i];
            dominance[i] = Math.min(dominance[i], behind);
            stronger[depth++] = i;
        }
        return dominance;
    }

    private void cutAtStrongest() {
        cuts.set(0);
        cuts.set(pieces.size());
        for (int i = 1; i < pieces.size(); i++) {
            if (dominance[i] >= limits.reach()) {
                cuts.set(i);
            }
        }
    }

    private void partLongStretches(int least) {
        int from = 0;
        while (from < pieces.size()) {
            int to = cuts.nextSetBit(from + 1);
            if (length(from, to) > limits.most()) {
                part(from, to, least);
            }
            from = to;
        }
    }

    private void part(int from, int to, int least) {
        long[] order = byRank(from, to);
        int left = from;
        int right = to;
        for (int k = 0; k < order.length; k++) {
            int at = (int) order[k];
            if (at <= left || at >= right) {
                left = cuts.previousSetBit(at);
                right = cuts.nextSetBit(at);
            }
            boolean tooClose = length(left, at) < least || length(at, right) < least;
            if (tooClose || length(left, right) <= limits.most()) {
                continue;
            }
            int next = k + 1 < order.length && order[k + 1] >> 32 == order[k] >> 32 ? (int) order[k + 1] : to;
            boolean nextIsNearer =
                    next < right && length(left, next) <= limits.target() && length(next, right) >= least;
            if (!nextIsNearer) {
                cuts.set(at);
                left = at;
            }
        }
    }

    /** The boundaries between {@code from} and {@code to}: the best first, equal ones from the left. */
    private long[] byRank(int from, int to) {
        long[] order = new long[to - from - 1];
        double worst = limits.reach() + 1.0;
        for (int i = from + 1; i < to; i++) {
            double rank = Math.min(dominance[i], limits.reach()) + (pieces.strengths()[i] + 1) / 2.0;
            long place = (long) ((worst - rank) / worst * Integer.MAX_VALUE);
            order[i - from - 1] = place << 32 | i;
        }
        Arrays.sort(order);
        return order;
    }

    private int length(int from, int to) {
        return pieces.tokens()[to] - pieces.tokens()[from];
    }
}
