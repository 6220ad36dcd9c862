package dev.spindrift.bench.bert;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Made-up words of one to three syllables, seeded. */
public final class Words {
    static final List<String> SYLLABLES = syllables();

    private final SplittableRandom random;

    public Words(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** {@code count} words with spaces between them. */
    public String next(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ");
            for (int syllables = random.nextInt(1, 4); syllables > 0; syllables--) {
                text.append(SYLLABLES.get(random.nextInt(SYLLABLES.size())));
            }
        }
        return text.toString();
    }

    private static List<String> syllables() {
        List<String> syllables = new ArrayList<>();
        for (char consonant : "bcdfghjklmnpqrstvwxyz".toCharArray()) {
            for (char vowel : "aeiou".toCharArray()) {
                syllables.add("" + consonant + vowel);
            }
        }
        return List.copyOf(syllables);
    }
}
