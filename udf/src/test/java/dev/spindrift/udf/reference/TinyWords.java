package dev.spindrift.udf.reference;

import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What vocabularies are made of. */
final class TinyWords {
    /** Characters beyond ASCII that a vocabulary knows: accented, Greek, Cyrillic, Chinese, Korean, and emoji. */
    static final List<String> CHARACTERS = Stream.concat(
                    "!\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
                            .chars()
                            .mapToObj(Character::toString),
                    "ßøæœđłπλдяё你好世界語日本東京한국é😀🚀".codePoints().mapToObj(Character::toString))
            .toList();

    private static final List<String> COMMON = List.of(
            ("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they"
                            + " which one you were all her she there would their we him been has when who will no more if"
                            + " out so what up said about than its into them can only other time new some could these two"
                            + " may first then do any like my now over such our even most me state after also made many"
                            + " must before back see through way where get much go well your know should down work year"
                            + " snow table vector text model query data row stream key ing ed er ly tion ment ness able")
                    .split(" "));
    private static final String CONSONANTS = "bcdfghjklmnprstvwz";
    private static final String VOWELS = "aeiou";
    private static final String ENDINGS = "nrstlmd";

    private TinyWords() {}

    /** Common words, then random ones of one to three syllables, each once, without end. */
    static Stream<String> words(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return Stream.concat(COMMON.stream(), Stream.generate(() -> word(random)))
                .filter(new HashSet<String>()::add);
    }

    private static String word(SplittableRandom random) {
        StringBuilder word = new StringBuilder();
        for (int syllables = random.nextInt(1, 4); syllables > 0; syllables--) {
            word.append(CONSONANTS.charAt(random.nextInt(CONSONANTS.length())));
            word.append(VOWELS.charAt(random.nextInt(VOWELS.length())));
            if (random.nextBoolean()) {
                word.append(ENDINGS.charAt(random.nextInt(ENDINGS.length())));
            }
        }
        return word.toString();
    }
}
