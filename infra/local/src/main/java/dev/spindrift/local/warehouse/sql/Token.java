package dev.spindrift.local.warehouse.sql;

import java.util.Locale;

/**
 * A word of SQL text.
 *
 * @param text of a WORD or SYMBOL as written; of the others what it stands for, without quotes
 * @param start index of its first character in the source
 * @param end index after its last character
 * @param line from 1
 * @param column from 0
 */
record Token(Kind kind, String text, int start, int end, int line, int column) {

    enum Kind {
        WORD,
        QUOTED,
        STRING,
        NUMBER,
        SYMBOL,
        PARAMETER,
        /** {@code $1}: the text holds the digits. */
        POSITION,
        /** {@code @stage/path}, without the at sign. */
        STAGE,
        /** {@code file://...} without quotes. */
        FILE,
        END
    }

    boolean is(String wordOrSymbol) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(wordOrSymbol);
    }

    /** The name that this identifier stands for: unquoted ones fold to upper case. */
    String identifier() {
        return kind == Kind.QUOTED ? text : text.toUpperCase(Locale.ROOT);
    }

    /** How an error message shows it. */
    String shown() {
        return kind == Kind.END ? "<EOF>" : "'" + text + "'";
    }
}
