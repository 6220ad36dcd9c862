package dev.spindrift.udf.chunk;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a text may be cut without parting what a reader sees as one character: between its extended grapheme clusters
 * (Unicode annex 29), so never inside an emoji family, a flag, a letter with its accents, a surrogate pair or CR LF.
 *
 * <p>Most text is decided by looking at two neighbours; only where one of them is beyond {@link #PLAIN} is the JDK's
 * {@code \X} asked. ({@code java.text.BreakIterator} parts emoji sequences in JDK 17.) One bit a character is kept.
 */
final class Graphemes {
    /** Below this no character joins another, but for LF after CR. */
    private static final char PLAIN = 0x300;

    private static final Pattern CLUSTER = Pattern.compile("\\X");

    private final BitSet boundaries;

    private Graphemes(BitSet boundaries) {
        this.boundaries = boundaries;
    }

    static Graphemes of(String text) {
        int length = text.length();
        BitSet boundaries = new BitSet(length + 1);
        boundaries.set(0);
        Matcher cluster = CLUSTER.matcher(text);
        int at = 0;
        while (at < length) {
            at = end(text, at, cluster);
            boundaries.set(at);
        }
        return new Graphemes(boundaries);
    }

    private static int end(String text, int start, Matcher cluster) {
        char first = text.charAt(start);
        if (start + 1 == text.length()) {
            return start + 1;
        }
        char second = text.charAt(start + 1);
        if (first < PLAIN && second < PLAIN) {
            return first == '\r' && second == '\n' ? start + 2 : start + 1;
        }
        return cluster.region(start, text.length()).lookingAt() ? cluster.end() : start + 1;
    }

    boolean isBoundary(int at) {
        return boundaries.get(at);
    }

    /** The last boundary at {@code at} or before it. */
    int atOrBefore(int at) {
        return boundaries.previousSetBit(at);
    }

    /** The first boundary at {@code at} or after it. */
    int atOrAfter(int at) {
        return boundaries.nextSetBit(at);
    }
}
