package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A place in a list of tokens, and the small questions that a parser asks of it. */
final class TokenReader {

    /** Words that cannot be an alias without AS or a column's name, since they go on with the statement. */
    private static final Set<String> RESERVED = Set.of(
            "ALL",
            "AND",
            "AS",
            "BETWEEN",
            "CASE",
            "CAST",
            "CROSS",
            "DISTINCT",
            "ELSE",
            "EXCEPT",
            "EXISTS",
            "FETCH",
            "FROM",
            "FULL",
            "GROUP",
            "HAVING",
            "ILIKE",
            "IN",
            "INNER",
            "INTERSECT",
            "INTO",
            "IS",
            "JOIN",
            "LATERAL",
            "LEFT",
            "LIKE",
            "LIMIT",
            "MINUS",
            "NATURAL",
            "NOT",
            "NULL",
            "OFFSET",
            "ON",
            "OR",
            "ORDER",
            "QUALIFY",
            "RIGHT",
            "SELECT",
            "SET",
            "TABLE",
            "THEN",
            "UNION",
            "USING",
            "VALUES",
            "WHEN",
            "WHERE",
            "WITH");

    private final String source;
    private final List<Token> tokens;
    private int at;
    private int parameters;

    TokenReader(String source) {
        this.source = source;
        this.tokens = Tokenizer.tokens(source);
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int distance) {
        return tokens.get(Math.min(at + distance, tokens.size() - 1));
    }

    Token take() {
        Token token = peek();
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    /** The number of the next {@code ?}. */
    int nextParameter() {
        return ++parameters;
    }

    int parameters() {
        return parameters;
    }

    /** Whether the next tokens are these words or symbols. */
    boolean sees(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (!peek(i).is(words[i])) {
                return false;
            }
        }
        return true;
    }

    /** Takes these words or symbols if they are next. */
    boolean takes(String... words) {
        if (!sees(words)) {
            return false;
        }
        at += words.length;
        return true;
    }

    void expect(String... words) {
        for (String word : words) {
            if (!takes(word)) {
                throw unexpected();
            }
        }
    }

    boolean seesKind(Token.Kind kind) {
        return peek().kind() == kind;
    }

    boolean seesIdentifier() {
        return seesKind(Token.Kind.QUOTED) || (seesKind(Token.Kind.WORD) && !reserved(peek()));
    }

    static boolean reserved(Token token) {
        return token.kind() == Token.Kind.WORD && RESERVED.contains(token.identifier());
    }

    String identifier() {
        if (!seesIdentifier()) {
            throw unexpected();
        }
        return take().identifier();
    }

    /** A word as it stands, in upper case. */
    String word() {
        if (!seesKind(Token.Kind.WORD)) {
            throw unexpected();
        }
        return take().text().toUpperCase(Locale.ROOT);
    }

    String string() {
        if (!seesKind(Token.Kind.STRING)) {
            throw unexpected();
        }
        return take().text();
    }

    int integer() {
        if (!seesKind(Token.Kind.NUMBER)) {
            throw unexpected();
        }
        try {
            return Integer.parseInt(peek().text());
        } catch (NumberFormatException e) {
            throw unexpected();
        } finally {
            take();
        }
    }

    Name name() {
        if (takes("IDENTIFIER", "(")) {
            Name name = seesKind(Token.Kind.STRING) ? new TokenReader(string()).name() : name();
            expect(")");
            return name;
        }
        List<String> parts = new ArrayList<>();
        parts.add(identifier());
        while (sees(".") && parts.size() < 4) {
            take();
            // DB..TABLE leaves the schema out, and means PUBLIC.
            parts.add(sees(".") ? "PUBLIC" : anyIdentifier());
        }
        return new Name(parts);
    }

    /** An identifier where no keyword can stand, such as after a dot. */
    String anyIdentifier() {
        if (!seesKind(Token.Kind.QUOTED) && !seesKind(Token.Kind.WORD)) {
            throw unexpected();
        }
        return take().identifier();
    }

    List<String> identifiers() {
        expect("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(identifier());
        } while (takes(","));
        expect(")");
        return names;
    }

    int start() {
        return peek().start();
    }

    /** The source from an index to the end of the token just taken. */
    String textFrom(int start) {
        return source.substring(
                start, Math.max(start, tokens.get(Math.max(0, at - 1)).end()));
    }

    void expectEnd() {
        takes(";");
        if (!seesKind(Token.Kind.END)) {
            throw unexpected();
        }
    }

    SqlSyntaxException unexpected() {
        return new SqlSyntaxException(peek(), "unexpected " + peek().shown() + ".");
    }

    SqlSyntaxException unsupported(String construct) {
        return new SqlSyntaxException(
                peek(), "unexpected " + peek().shown() + ". The local warehouse has no " + construct + ".");
    }
}
