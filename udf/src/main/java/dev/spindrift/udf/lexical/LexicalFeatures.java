package dev.spindrift.udf.lexical;

import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * Turns a text into hashed features: which words it has, and which letters they share with others.
 *
 * <p>A word is folded first (case, compatibility forms, diacritics of European scripts). It then gives the hash of its
 * {@link Stem} and those of all runs of 3 to 5 letters of the stem between boundary marks; a common English word gives
 * itself alone, weakly. A letter of a script without spaces gives itself and its pair with the letter before. A sign
 * gives itself, weakly. Each kind has its weight ({@link Kind}), and the n-th occurrence adds ever less (one plus the
 * logarithm of the count).
 *
 * <p>The hash is {@link Mix64} chained over the feature's UTF-8 bytes, eight at a time, begun with the kind's code. Its
 * upper bits are the bucket.
 */
public final class LexicalFeatures {
    /** What a feature is, and how much it counts. */
    enum Kind {
        STEM(0, 1.0),
        GRAM(1, 0.2),
        PLAIN(2, 0.25),
        GRAMMAR(3, 0.02),
        IDEOGRAPH(4, 0.4),
        IDEOGRAPH_PAIR(5, 1.0),
        SIGN(6, 0.02);

        /** Part of every hash, so a number that stays. */
        final int code;

        final double weight;

        Kind(int code, double weight) {
            this.code = code;
            this.weight = weight;
        }

        static Kind of(int code) {
            return ALL[code];
        }

        private static final Kind[] ALL = values();
    }

    private static final int KIND_BITS = 4;
    private static final int SHORTEST_GRAM = 3;
    private static final int LONGEST_GRAM = 5;

    private final int bucketBits;
    private final Tokenizer tokenizer;

    /** Features in {@code 2^bucketBits} buckets, of the tokens that {@code tokenizer} finds. */
    public LexicalFeatures(int bucketBits, Tokenizer tokenizer) {
        this.bucketBits = bucketBits;
        this.tokenizer = tokenizer;
    }

    /** The features of {@code text}, of which there is always at least one. */
    public Features of(String text) {
        Collected collected = new Collected();
        Tokens tokens = tokenizer.tokenize(text);
        String letter = "";
        int letterEnd = -1;
        for (int i = 0; i < tokens.size(); i++) {
            int start = tokens.starts()[i];
            int end = tokens.ends()[i];
            String token = text.substring(start, end);
            switch (LexicalTokenizer.Kind.of(token.codePointAt(0))) {
                case WORD -> word(collected, fold(token));
                case IDEOGRAPH -> {
                    letter = ideograph(collected, fold(token), start == letterEnd ? letter : "");
                    letterEnd = end;
                }
                case SIGN, SPACE -> collected.add(Kind.SIGN, token);
            }
        }
        if (collected.size == 0) {
            collected.add(Kind.SIGN, "");
        }
        return weigh(collected.sorted());
    }

    private static void word(Collected to, String word) {
        if (CommonWords.isGrammar(word)) {
            to.add(Kind.GRAMMAR, word);
        } else if (CommonWords.isPlain(word)) {
            to.add(Kind.PLAIN, word);
        } else {
            String stem = Stem.of(word);
            to.add(Kind.STEM, stem);
            grams(to, "^" + stem + "$");
        }
    }

    private static void grams(Collected to, String marked) {
        int[] points = marked.codePoints().toArray();
        for (int length = SHORTEST_GRAM; length <= LONGEST_GRAM; length++) {
            for (int from = 0; from + length <= points.length; from++) {
                to.add(Kind.GRAM, new String(points, from, length));
            }
        }
    }

    private static String ideograph(Collected to, String letter, String before) {
        to.add(Kind.IDEOGRAPH, letter);
        if (!before.isEmpty()) {
            to.add(Kind.IDEOGRAPH_PAIR, before + letter);
        }
        return letter;
    }

    /** One form for what readers take as one word: {@code Größe}, {@code GRÖSSE} and {@code grosse} fold alike. */
    static String fold(String token) {
        if (isLowerAscii(token)) {
            return token;
        }
        // Upper first: it takes ß to SS, and the final sigma to the plain one.
        String lower = token.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
        String parted = Normalizer.normalize(lower, Normalizer.Form.NFKD);
        StringBuilder kept = new StringBuilder(parted.length());
        parted.codePoints()
                .filter(point -> !isEuropeanMark(point) && !LexicalTokenizer.isJoiner(point))
                .forEach(kept::appendCodePoint);
        return Normalizer.normalize(kept, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private static boolean isLowerAscii(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c >= 0x80 || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEuropeanMark(int codePoint) {
        return codePoint >= 0x300 && codePoint <= 0x36F;
    }

    private Features weigh(long[] sorted) {
        int[] buckets = new int[sorted.length];
        float[] weights = new float[sorted.length];
        int size = 0;
        for (int i = 0; i < sorted.length; ) {
            int next = i + 1;
            while (next < sorted.length && sorted[next] == sorted[i]) {
                next++;
            }
            Kind kind = Kind.of((int) sorted[i] & ((1 << KIND_BITS) - 1));
            float weight = (float) (kind.weight * (1 + StrictMath.log(next - i)));
            int bucket = (int) (sorted[i] >>> (Long.SIZE - bucketBits));
            if (size > 0 && buckets[size - 1] == bucket) {
                weights[size - 1] += weight;
            } else {
                buckets[size] = bucket;
                weights[size++] = weight;
            }
            i = next;
        }
        return new Features(Arrays.copyOf(buckets, size), Arrays.copyOf(weights, size));
    }

    /** Hashes with their kind in the lowest bits, in the order they came. */
    private static final class Collected {
        private long[] hashes = new long[256];
        private int size;

        void add(Kind kind, String feature) {
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * size);
            }
            hashes[size++] = hash(kind, feature) >>> KIND_BITS << KIND_BITS | kind.code;
        }

        /** Ascending as unsigned numbers, so that equal buckets are neighbours. */
        long[] sorted() {
            long[] sorted = Arrays.copyOf(hashes, size);
            for (int i = 0; i < size; i++) {
                sorted[i] ^= Long.MIN_VALUE;
            }
            Arrays.sort(sorted);
            for (int i = 0; i < size; i++) {
                sorted[i] ^= Long.MIN_VALUE;
            }
            return sorted;
        }
    }

    private static long hash(Kind kind, String feature) {
        byte[] utf8 = feature.getBytes(StandardCharsets.UTF_8);
        long hash = Mix64.at(utf8.length, kind.code + 1L);
        for (int from = 0; from < utf8.length; from += Long.BYTES) {
            long block = 0;
            for (int i = Math.min(utf8.length, from + Long.BYTES) - 1; i >= from; i--) {
                block = block << Byte.SIZE | (utf8[i] & 0xFF);
            }
            hash = Mix64.mix(hash ^ block);
        }
        return hash;
    }
}
