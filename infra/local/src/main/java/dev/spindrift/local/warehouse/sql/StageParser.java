package dev.spindrift.local.warehouse.sql;

/** Reads the statements about files on stages: PUT, GET, LIST, REMOVE. */
final class StageParser {
    private final TokenReader in;
    private final OptionReader options;

    StageParser(TokenReader in, OptionReader options) {
        this.in = in;
        this.options = options;
    }

    Statement statement() {
        return switch (in.word()) {
            case "PUT" -> {
                String file = file();
                yield new Statement.Put(file, path(in), options.options());
            }
            case "GET" -> {
                StagePath path = path(in);
                yield new Statement.Get(path, file(), options.options());
            }
            case "LIST", "LS" -> {
                StagePath path = path(in);
                yield new Statement.ListFiles(path, options.options().get("PATTERN"));
            }
            default -> {
                StagePath path = path(in);
                yield new Statement.RemoveFiles(path, options.options().get("PATTERN"));
            }
        };
    }

    /** The path of a {@code file://} address. */
    private String file() {
        Token token = in.take();
        boolean known = (token.kind() == Token.Kind.FILE || token.kind() == Token.Kind.STRING)
                && token.text().regionMatches(true, 0, "file://", 0, 7);
        if (!known) {
            throw new SqlSyntaxException(token, "unexpected " + token.shown() + ", not a file:// path.");
        }
        return token.text().substring(7);
    }

    /** A stage with or without quotes around it. */
    static StagePath path(TokenReader in) {
        Token token = in.take();
        if (token.kind() == Token.Kind.STAGE) {
            return StagePath.parse(token, token.text());
        }
        if (token.kind() == Token.Kind.STRING && token.text().startsWith("@")) {
            return StagePath.parse(token, token.text().substring(1));
        }
        throw new SqlSyntaxException(token, "unexpected " + token.shown() + ", not a stage.");
    }
}
