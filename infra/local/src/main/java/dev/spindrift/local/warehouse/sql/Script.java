package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.List;

/** Several statements in one text. */
public final class Script {
    private Script() {}

    /** The statements of a text, cut at the semicolons between them, without comments around them; none is empty. */
    public static List<String> split(String text) {
        List<String> statements = new ArrayList<>();
        int start = -1;
        int end = -1;
        for (Token token : Tokenizer.tokens(text)) {
            if (token.kind() == Token.Kind.END || token.is(";")) {
                if (start >= 0) {
                    statements.add(text.substring(start, end));
                }
                start = -1;
            } else {
                start = start < 0 ? token.start() : start;
                end = token.end();
            }
        }
        return List.copyOf(statements);
    }
}
