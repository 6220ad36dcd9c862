package dev.spindrift.udf.chunk;

/**
 * One line of a text, read as CommonMark reads the start of a line.
 *
 * @param start where it begins, in UTF-16 units
 * @param end where it ends, before the line break
 * @param next where the next line begins; the text's length after the last
 * @param content where its first character that is no space or tab stands; {@code end} if it is blank
 */
record MarkdownLine(String text, int start, int end, int next, int content) {
    private static final int CODE_INDENT = 4;
    private static final int MOST_LEVELS = 6;
    private static final int LONGEST_TITLE = 200;

    static MarkdownLine at(String text, int start) {
        int end = start;
        while (end < text.length() && !isBreak(text.charAt(end))) {
            end++;
        }
        int next = Math.min(end + 1, text.length());
        if (next < text.length() && text.charAt(end) == '\r' && text.charAt(next) == '\n') {
            next++;
        }
        return new MarkdownLine(text, start, end, next, Breaks.skipSpace(text, start, end));
    }

    private static boolean isBreak(char c) {
        return c == '\n' || c == '\r' || c == '\u2028' || c == '\u2029';
    }

    boolean isBlank() {
        return content == end;
    }

    /** Whether it is indented so far that it is code, or goes on within a list item. */
    boolean isIndented() {
        int columns = 0;
        for (int at = start; at < content; at++) {
            columns += text.charAt(at) == '\t' ? CODE_INDENT : 1;
        }
        return columns >= CODE_INDENT;
    }

    /** How often {@code c} stands at its start. */
    int run(char c) {
        int at = content;
        while (at < end && text.charAt(at) == c) {
            at++;
        }
        return at - content;
    }

    /** Whether it holds nothing after {@code from} but white space. */
    boolean isBlankFrom(int from) {
        return Breaks.skipSpace(text, from, end) == end;
    }

    /** Whether {@code part} stands in it at {@code from} or after, in capitals or not. */
    boolean contains(String part, int from) {
        for (int at = from; at + part.length() <= end; at++) {
            if (text.regionMatches(true, at, part, 0, part.length())) {
                return true;
            }
        }
        return false;
    }

    /** The level of the ATX heading that it is; 0 if it is none. */
    int headingLevel() {
        int level = isIndented() ? 0 : run('#');
        boolean closed = content + level == end || Breaks.isSpace(text.charAt(content + level));
        return level <= MOST_LEVELS && closed ? level : 0;
    }

    /** The level that it gives to a paragraph right above it as its setext underline; 0 if it is none. */
    int underlineLevel() {
        if (isBlank() || isIndented()) {
            return 0;
        }
        char mark = text.charAt(content);
        boolean underline = (mark == '=' || mark == '-') && isBlankFrom(content + run(mark));
        return !underline ? 0 : mark == '=' ? 1 : 2;
    }

    /** Whether it opens a fenced code block. */
    boolean opensFence() {
        if (isBlank() || isIndented()) {
            return false;
        }
        char mark = text.charAt(content);
        if ((mark != '`' && mark != '~') || run(mark) < 3) {
            return false;
        }
        return mark == '~' || !contains("`", content + run(mark));
    }

    /** Whether it begins a list item, a quote or a row of a table. */
    boolean opensItem() {
        if (isBlank()) {
            return false;
        }
        char mark = text.charAt(content);
        if (mark == '>' || mark == '|') {
            return true;
        }
        int at = content;
        while (at < end && at < content + 9 && Character.isDigit(text.charAt(at))) {
            at++;
        }
        boolean ordered = at > content && at < end && (text.charAt(at) == '.' || text.charAt(at) == ')');
        boolean bullet = mark == '-' || mark == '*' || mark == '+' || mark == '\u2022';
        int after = ordered ? at + 1 : content + 1;
        return (ordered || bullet) && (after == end || Breaks.isSpace(text.charAt(after)));
    }

    /** Whether the line after it is a thought of its own rather than the rest of this one. */
    boolean endsThought() {
        int at = end;
        while (at > content && Breaks.isSpace(text.charAt(at - 1))) {
            at--;
        }
        if (at == content || end - at >= 2) {
            return true;
        }
        return ".!?:;{}\\|\u3002\uFF01\uFF1F\u0964\u061F\u06D4".indexOf(text.charAt(at - 1)) >= 0;
    }

    /** The title in an ATX heading of {@code level}. */
    String headingTitle(int level) {
        int to = end;
        while (to > content + level && Breaks.isSpace(text.charAt(to - 1))) {
            to--;
        }
        int closing = to;
        while (closing > content + level && text.charAt(closing - 1) == '#') {
            closing--;
        }
        boolean closes = closing == content + level || Breaks.isSpace(text.charAt(closing - 1));
        return title(text, content + level, closes ? closing : to);
    }

    /** What stands from {@code from} to {@code to} as a title: on one line, and no longer than a title should be. */
    static String title(String text, int from, int to) {
        StringBuilder title = new StringBuilder();
        boolean space = false;
        for (int at = from; at < to && title.length() < LONGEST_TITLE; at++) {
            char c = text.charAt(at);
            if (Breaks.isSpace(c)) {
                space = true;
                continue;
            }
            if (space && !title.isEmpty()) {
                title.append(' ');
            }
            space = false;
            title.append(c);
        }
        String whole = title.toString();
        return whole.length() < LONGEST_TITLE
                ? whole
                : whole.substring(0, Graphemes.of(whole).atOrBefore(LONGEST_TITLE - 1)) + "\u2026";
    }
}
