package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL text into tokens. Comments ({@code --}, {@code //}, {@code /* *}{@code /}) and white space part tokens and are
 * dropped. The last token is always END.
 */
final class Tokenizer {
    private static final List<String> LONG_SYMBOLS = List.of("::", "=>", "<=", ">=", "<>", "!=", "||", "->");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;

    private Tokenizer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        Tokenizer tokenizer = new Tokenizer(source);
        while (tokenizer.next()) {}
        return tokenizer.tokens;
    }

    private boolean next() {
        skipBlanksAndComments();
        int start = at;
        int column = at - lineStart;
        int startLine = line;
        if (at >= source.length()) {
            tokens.add(new Token(Token.Kind.END, "", start, start, startLine, column));
            return false;
        }
        Token.Kind kind = kindAt(source.charAt(at));
        String text = switch (kind) {
            case WORD -> word();
            case QUOTED -> quoted();
            case STRING -> string();
            case NUMBER -> number();
            case POSITION -> position();
            case STAGE -> stage();
            case FILE -> file();
            case PARAMETER -> parameter();
            case SYMBOL, END -> symbol();
        };
        tokens.add(new Token(kind, text, start, at, startLine, column));
        return true;
    }

    private Token.Kind kindAt(char c) {
        if (source.regionMatches(true, at, "file://", 0, 7)) {
            return Token.Kind.FILE;
        }
        if (startsWord(c)) {
            return Token.Kind.WORD;
        }
        if (digit(c) || (c == '.' && digit(peek(1)) && !afterName())) {
            return Token.Kind.NUMBER;
        }
        return switch (c) {
            case '"' -> Token.Kind.QUOTED;
            case '\'' -> Token.Kind.STRING;
            case '?' -> Token.Kind.PARAMETER;
            case '@' -> Token.Kind.STAGE;
            case '$' -> peek(1) == '$' ? Token.Kind.STRING : digit(peek(1)) ? Token.Kind.POSITION : Token.Kind.SYMBOL;
            default -> Token.Kind.SYMBOL;
        };
    }

    private boolean afterName() {
        if (tokens.isEmpty()) {
            return false;
        }
        Token last = tokens.get(tokens.size() - 1);
        return last.end() == at && (last.kind() == Token.Kind.WORD || last.kind() == Token.Kind.QUOTED);
    }

    private void skipBlanksAndComments() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (Character.isWhitespace(c) || c == '\uFEFF') {
                advance();
            } else if ((c == '-' && peek(1) == '-') || (c == '/' && peek(1) == '/')) {
                while (at < source.length() && source.charAt(at) != '\n') {
                    at++;
                }
            } else if (c == '/' && peek(1) == '*') {
                skipBlockComment();
            } else {
                return;
            }
        }
    }

    private void skipBlockComment() {
        int end = source.indexOf("*/", at + 2);
        if (end < 0) {
            throw failure("unterminated comment");
        }
        while (at < end + 2) {
            advance();
        }
    }

    private void advance() {
        if (source.charAt(at) == '\n') {
            line++;
            lineStart = at + 1;
        }
        at++;
    }

    private String word() {
        int start = at;
        while (at < source.length() && (startsWord(source.charAt(at)) || digit(peek(0)) || peek(0) == '$')) {
            at++;
        }
        return source.substring(start, at);
    }

    private String quoted() {
        StringBuilder text = new StringBuilder();
        at++;
        while (true) {
            if (at >= source.length()) {
                throw failure("unterminated quoted identifier");
            }
            char c = source.charAt(at);
            if (c == '"' && peek(1) != '"') {
                at++;
                return text.toString();
            }
            if (c == '"') {
                at++;
            }
            text.append(c);
            advance();
        }
    }

    private String string() {
        if (source.charAt(at) == '$') {
            return dollarString();
        }
        StringBuilder text = new StringBuilder();
        at++;
        while (true) {
            if (at >= source.length()) {
                throw failure("unterminated string");
            }
            char c = source.charAt(at);
            if (c == '\\' && at + 1 < source.length()) {
                escape(text);
            } else if (c == '\'' && peek(1) == '\'') {
                text.append('\'');
                at += 2;
            } else if (c == '\'') {
                at++;
                return text.toString();
            } else {
                text.append(c);
                advance();
            }
        }
    }

    private String dollarString() {
        int end = source.indexOf("$$", at + 2);
        if (end < 0) {
            throw failure("unterminated string");
        }
        String text = source.substring(at + 2, end);
        while (at < end + 2) {
            advance();
        }
        return text;
    }

    /** Snowflake's escape sequences; a backslash before any other character stands for that character. */
    private void escape(StringBuilder text) {
        char c = source.charAt(at + 1);
        at++;
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case '0' -> text.append('\0');
            case 'x' -> text.append((char) hex(2));
            case 'u' -> text.append((char) hex(4));
            default -> text.append(c);
        }
        advance();
    }

    /** Reads the digits after the current character and stops on the last of them. */
    private int hex(int digits) {
        try {
            int value = Integer.parseInt(source, at + 1, at + 1 + digits, 16);
            at += digits;
            return value;
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw failure("invalid escape sequence in string");
        }
    }

    private String number() {
        int start = at;
        digits();
        if (peek(0) == '.' && !startsWord(peek(1)) && peek(1) != '.') {
            at++;
            digits();
        }
        boolean exponent = peek(0) == 'e' || peek(0) == 'E';
        int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
        if (exponent && digit(peek(1 + sign))) {
            at += 1 + sign;
            digits();
        }
        return source.substring(start, at);
    }

    private void digits() {
        while (digit(peek(0))) {
            at++;
        }
    }

    private String position() {
        int start = ++at;
        digits();
        return source.substring(start, at);
    }

    private String stage() {
        int start = ++at;
        boolean quoted = false;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (Character.isWhitespace(c) || c == ',' || c == ';' || c == ')' || c == '(')) {
                break;
            }
            advance();
        }
        return source.substring(start, at);
    }

    private String file() {
        int start = at;
        while (at < source.length() && !Character.isWhitespace(source.charAt(at)) && source.charAt(at) != ';') {
            at++;
        }
        return source.substring(start, at);
    }

    private String parameter() {
        at++;
        return "?";
    }

    private String symbol() {
        for (String symbol : LONG_SYMBOLS) {
            if (source.startsWith(symbol, at)) {
                at += symbol.length();
                return symbol;
            }
        }
        return source.substring(at, ++at);
    }

    private char peek(int distance) {
        return at + distance < source.length() ? source.charAt(at + distance) : '\0';
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean startsWord(char c) {
        return c == '_' || Character.isLetter(c);
    }

    private SqlSyntaxException failure(String detail) {
        return new SqlSyntaxException(
                new Token(Token.Kind.END, "", at, at, line, Math.max(0, at - lineStart)), detail + ".");
    }
}
