package dev.spindrift.udf.chunk;

import java.util.Locale;
import java.util.Set;

/**
 * Where sentences and words begin, decided from the few characters around a place.
 *
 * <p>Not {@code java.text.BreakIterator}: its rules look back without a bound, so that an edit could move boundaries far
 * away, and its dictionaries differ between Java builds, so that two machines could cut one text differently.
 */
final class Breaks {
    /** Longest word before a full stop that is looked up among the abbreviations. */
    private static final int LONGEST_ABBREVIATION = 6;

    /** From here on stand the characters of East Asia, with their punctuation. */
    private static final char EAST_ASIAN = 0x2E80;

    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "etc", "eg", "ie", "e.g", "i.e", "cf", "al", "fig",
            "no", "nos", "vol", "pp", "p", "ed", "eds", "approx", "dept", "est", "inc", "ltd", "co", "corp", "bzw",
            "ca", "usw", "z.b", "d.h", "nr", "abb", "sog", "mme", "mlle", "sra", "ud", "uds", "т.е", "т.д", "т.п", "др",
            "см", "рис", "стр", "г", "им");

    private Breaks() {}

    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0xFEFF || c == 0x200B;
    }

    /** The first place from {@code from} that is not white space; {@code to} if there is none. */
    static int skipSpace(String text, int from, int to) {
        int at = from;
        while (at < to && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Whether a word begins at {@code at}: after white space, or between characters of a script without spaces. */
    static boolean isWordStart(String text, int at) {
        char before = text.charAt(at - 1);
        char after = text.charAt(at);
        if (isSpace(after)) {
            return false;
        }
        return isSpace(before) || (isIdeographic(after) && before >= EAST_ASIAN && !isOpener(before));
    }

    /** Whether a sentence begins at {@code at}. */
    static boolean isSentenceStart(String text, int at, int from) {
        char after = text.charAt(at);
        if (isSpace(after) || isCloser(after) || isStop(after)) {
            return false;
        }
        int end = at;
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        boolean spaced = end < at;
        int stop = end;
        while (stop > from && isCloser(text.charAt(stop - 1))) {
            stop--;
        }
        if (stop == from) {
            return false;
        }
        char last = text.charAt(stop - 1);
        if (isWideStop(last)) {
            return true;
        }
        if (!spaced) {
            return false;
        }
        if (isStop(last)) {
            return !Character.isLowerCase(after) && !(last == '.' && isAbbreviation(text, stop - 1, from));
        }
        return isUnspaced(last) && isUnspaced(after);
    }

    /** Ends a sentence, with white space after it. */
    private static boolean isStop(char c) {
        return switch (c) {
            case '.',
                    '!',
                    '?',
                    '\u2026',
                    '\u061F',
                    '\u06D4',
                    '\u0964',
                    '\u0965',
                    '\u0589',
                    '\u1362',
                    '\u17D4',
                    '\u104B' -> true;
            default -> isWideStop(c);
        };
    }

    /** Ends a sentence, even without white space after it. */
    private static boolean isWideStop(char c) {
        return switch (c) {
            case '\u3002', '\uFF01', '\uFF1F', '\uFF0E', '\uFF61' -> true;
            default -> false;
        };
    }

    private static boolean isOpener(char c) {
        return switch (c) {
            case '\u3008', '\u300A', '\u300C', '\u300E', '\u3010', '\uFF08' -> true;
            default -> false;
        };
    }

    private static boolean isCloser(char c) {
        return switch (c) {
            case '"',
                    '\'',
                    ')',
                    ']',
                    '}',
                    '\u00BB',
                    '\u2019',
                    '\u201D',
                    '\u203A',
                    '\u3009',
                    '\u300B',
                    '\u300D',
                    '\u300F',
                    '\u3011',
                    '\uFF09' -> true;
            default -> false;
        };
    }

    /** Thai, Lao, Myanmar and Khmer put a space where others put a stop or a comma. */
    private static boolean isUnspaced(char c) {
        return (c >= 0x0E00 && c < 0x0F00) || (c >= 0x1000 && c < 0x10A0) || (c >= 0x1780 && c < 0x1800);
    }

    private static boolean isIdeographic(char c) {
        return (c >= 0x3040 && c < 0x3100) || (c >= 0x3400 && c < 0xA000) || (c >= 0xF900 && c < 0xFB00);
    }

    private static boolean isAbbreviation(String text, int dot, int from) {
        int start = dot;
        while (start > from && dot - start <= LONGEST_ABBREVIATION && !isSpace(text.charAt(start - 1))) {
            start--;
        }
        while (start < dot && !Character.isLetterOrDigit(text.charAt(start))) {
            start++;
        }
        if (dot - start > LONGEST_ABBREVIATION) {
            return false;
        }
        boolean initial = dot - start == 1 && Character.isUpperCase(text.charAt(start));
        return initial || ABBREVIATIONS.contains(text.substring(start, dot).toLowerCase(Locale.ROOT));
    }
}
