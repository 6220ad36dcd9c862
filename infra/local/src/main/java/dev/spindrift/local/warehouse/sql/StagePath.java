package dev.spindrift.local.warehouse.sql;

import java.util.List;

/**
 * A place on a stage, {@code @[db.][schema.]stage/path}.
 *
 * @param stage its name; {@code ~} as the last part is the user's own, and a part that begins with {@code %} a table's
 * @param path within it, without a leading slash; may be empty
 */
public record StagePath(Name stage, String path) {

    /** @param text without the at sign */
    static StagePath parse(Token at, String text) {
        int slash = endOfName(text);
        String path = slash < text.length() ? text.substring(slash + 1) : "";
        List<String> parts = new java.util.ArrayList<>();
        for (Token token : Tokenizer.tokens(nameText(text.substring(0, slash)))) {
            if (token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.QUOTED) {
                parts.add(token.identifier());
            } else if (token.kind() != Token.Kind.END && !token.is(".")) {
                throw new SqlSyntaxException(at, "unexpected stage name '@" + text + "'.");
            }
        }
        if (parts.isEmpty() || parts.size() > 3) {
            throw new SqlSyntaxException(at, "unexpected stage name '@" + text + "'.");
        }
        return new StagePath(new Name(parts), path);
    }

    /** The signs of user and table stages are no part of an ordinary name, so they are quoted to pass as one. */
    private static String nameText(String name) {
        if (name.equals("~")) {
            return "\"~\"";
        }
        int percent = name.indexOf('%');
        if (percent < 0 || name.contains("\"")) {
            return name;
        }
        return name.substring(0, percent) + '"' + name.substring(percent).toUpperCase(java.util.Locale.ROOT) + '"';
    }

    private static int endOfName(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                quoted = !quoted;
            } else if (text.charAt(i) == '/' && !quoted) {
                return i;
            }
        }
        return text.length();
    }
}
