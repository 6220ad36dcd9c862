package dev.spindrift.udf.lexical;

import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;
import java.util.Arrays;

/**
 * Cuts a text into words and signs, in one pass and in time linear in its length.
 *
 * <ul>
 *   <li>A run of letters, marks and digits is one token, cut after {@value #LONGEST} code points.
 *   <li>In scripts written without spaces (Han, Kana, Thai and their like) each letter with its marks is one.
 *   <li>Any other sign with its marks is one, and so is a run of the same sign, such as a Markdown rule.
 *   <li>White space belongs to no token; every other character belongs to exactly one.
 * </ul>
 *
 * <p>A surrogate pair is never split. An id is a hash of the token's characters: there is no vocabulary.
 */
public final class LexicalTokenizer implements Tokenizer {
    /** Most code points of one token. */
    static final int LONGEST = 32;

    /** What a code point is to this tokenizer. */
    enum Kind {
        SPACE,
        WORD,
        IDEOGRAPH,
        SIGN;

        static Kind of(int codePoint) {
            if (Character.isWhitespace(codePoint)) {
                return SPACE;
            }
            if (!isWordPart(codePoint)) {
                return SIGN;
            }
            return isUnspaced(codePoint) ? IDEOGRAPH : WORD;
        }
    }

    @Override
    public Tokens tokenize(String text) {
        int[] starts = new int[16 + text.length() / 4];
        int[] ends = new int[starts.length];
        int[] ids = new int[starts.length];
        int size = 0;
        int at = nextStart(text, 0);
        while (at < text.length()) {
            int end = endOf(text, at);
            if (size == ids.length) {
                starts = Arrays.copyOf(starts, 2 * size);
                ends = Arrays.copyOf(ends, 2 * size);
                ids = Arrays.copyOf(ids, 2 * size);
            }
            starts[size] = at;
            ends[size] = end;
            ids[size++] = id(text, at, end);
            at = nextStart(text, end);
        }
        return new Tokens(Arrays.copyOf(ids, size), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
    }

    @Override
    public int count(String text) {
        int count = 0;
        for (int at = nextStart(text, 0); at < text.length(); at = nextStart(text, endOf(text, at))) {
            count++;
        }
        return count;
    }

    private static int nextStart(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static int endOf(String text, int start) {
        int first = text.codePointAt(start);
        Kind kind = Kind.of(first);
        int at = start + Character.charCount(first);
        for (int taken = 1; taken < LONGEST && at < text.length(); taken++) {
            int next = text.codePointAt(at);
            if (!continues(kind, first, next)) {
                break;
            }
            at += Character.charCount(next);
        }
        return at;
    }

    private static boolean continues(Kind kind, int first, int next) {
        if (isMark(next) || isJoiner(next)) {
            return true;
        }
        return switch (kind) {
            case WORD -> Kind.of(next) == Kind.WORD;
            case SIGN -> next == first;
            case IDEOGRAPH, SPACE -> false;
        };
    }

    private static boolean isWordPart(int codePoint) {
        return Character.isLetterOrDigit(codePoint)
                || isMark(codePoint)
                || Character.getType(codePoint) == Character.OTHER_NUMBER
                || Character.getType(codePoint) == Character.LETTER_NUMBER;
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /** Soft hyphen, zero width (non-)joiner, word joiner: invisible inside words and emoji. */
    static boolean isJoiner(int codePoint) {
        return codePoint == 0xAD || codePoint == 0x200C || codePoint == 0x200D || codePoint == 0x2060;
    }

    private static boolean isUnspaced(int codePoint) {
        // No script before Thai does without spaces; this spares the look-up for most of the world's text.
        if (codePoint < 0xE00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, BOPOMOFO, YI, THAI, LAO, KHMER, MYANMAR, TIBETAN, NUSHU, TANGUT -> true;
            default -> false;
        };
    }

    private static int id(String text, int start, int end) {
        long hash = 0;
        for (int i = start; i < end; i++) {
            hash = Mix64.mix(hash + text.charAt(i) + 1);
        }
        return (int) (hash >>> 33);
    }
}
