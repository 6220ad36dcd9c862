package dev.spindrift.bench;

import dev.spindrift.bench.bert.Words;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * Made-up texts, tokenized, of which each round takes the next few.
 *
 * @param lengths how long they are: {@code mixed}, or a number of tokens
 * @param all the texts
 * @param perRound how many a round takes; {@code all} is a multiple of it
 */
record Texts(String lengths, List<ModelInput> all, int perRound) {
    static final String MIXED = "mixed";

    private static final long SEED = 7;
    /** So many rounds take different texts before they repeat. */
    static final int ROUNDS = 8;

    private static final int SHORTEST = 8;
    private static final int LONGEST = 256;
    private static final int MEDIAN = 120;
    private static final double SIGMA = 0.6;

    /** Texts as chunks are: log-normal lengths with median 120 and sigma 0.6, cut off at 8 and 256 tokens. */
    static Texts mixed(Tokenizer tokenizer, int perRound) {
        SplittableRandom random = new SplittableRandom(SEED);
        return make(MIXED, tokenizer, perRound, ROUNDS, () -> {
            double length = MEDIAN * Math.exp(SIGMA * random.nextGaussian());
            return (int) Math.max(SHORTEST, Math.min(LONGEST, Math.round(length)));
        });
    }

    /** Texts of {@code length} tokens each, special tokens included, for {@code rounds} different rounds. */
    static Texts fixed(Tokenizer tokenizer, int length, int perRound, int rounds) {
        return make(String.valueOf(length), tokenizer, perRound, rounds, () -> length);
    }

    List<ModelInput> of(int round) {
        int from = round % (all.size() / perRound) * perRound;
        return all.subList(from, from + perRound);
    }

    private static Texts make(String name, Tokenizer tokenizer, int perRound, int rounds, IntSupplier lengths) {
        ModelInput probe = tokenizer.document("probe");
        int added = probe.ids().length - probe.tokens();
        Words words = new Words(SEED);
        List<ModelInput> all = new ArrayList<>();
        for (int i = 0; i < perRound * rounds; i++) {
            int length = lengths.getAsInt() - added;
            all.add(tokenizer.document(tokenizer.cut(words.next(length), length)));
        }
        return new Texts(name, List.copyOf(all), perRound);
    }
}
