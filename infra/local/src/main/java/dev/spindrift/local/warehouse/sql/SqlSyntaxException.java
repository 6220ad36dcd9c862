package dev.spindrift.local.warehouse.sql;

/** A text that the parser does not know, with the place where it stopped. */
public final class SqlSyntaxException extends RuntimeException {

    /** @param token where reading stopped */
    SqlSyntaxException(Token token, String detail) {
        super("SQL compilation error:\nsyntax error line " + token.line() + " at position " + token.column() + " "
                + detail);
    }
}
