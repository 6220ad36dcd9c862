package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one statement. It knows a closed set; for anything else it throws {@link SqlSyntaxException} with the place and,
 * where it can tell, the name of the construct that is missing.
 */
public final class Parser {
    private final TokenReader in;
    private final QueryParser queries;
    private final OptionReader options;

    private Parser(String source) {
        this.in = new TokenReader(source);
        this.queries = new QueryParser(in);
        this.options = new OptionReader(in);
    }

    /**
     * A statement and how many {@code ?} it has.
     *
     * @param parameters how many values must be bound
     */
    public record Parsed(Statement statement, int parameters) {}

    public static Parsed parse(String source) {
        Parser parser = new Parser(source);
        Statement statement = parser.statement();
        parser.in.expectEnd();
        return new Parsed(statement, parser.in.parameters());
    }

    /** A query alone, such as the text of a view. */
    public static Query parseQuery(String source) {
        Parser parser = new Parser(source);
        Query query = parser.queries.query();
        parser.in.expectEnd();
        return query;
    }

    /** An expression alone, such as a column's default. */
    public static Expression parseExpression(String source) {
        Parser parser = new Parser(source);
        Expression expression = parser.queries.expressions().expression();
        parser.in.expectEnd();
        return expression;
    }

    /** A type alone. */
    public static TypeName parseType(String source) {
        Parser parser = new Parser(source);
        TypeName type = parser.queries.expressions().type();
        parser.in.expectEnd();
        return type;
    }

    private Statement statement() {
        if (queries.seesQuery()) {
            return new Statement.Select(queries.query());
        }
        String verb = in.peek().text().toUpperCase(Locale.ROOT);
        return switch (verb) {
            case "INSERT" -> insert();
            case "UPDATE" -> update();
            case "DELETE" -> delete();
            case "MERGE" -> new MergeParser(in, queries).merge();
            case "COPY" -> new CopyParser(in, queries, options).copy();
            case "CREATE", "DROP" -> new DefinitionParser(in, queries, options).definition();
            case "PUT", "GET", "LIST", "LS", "REMOVE", "RM" -> new StageParser(in, options).statement();
            case "BEGIN", "START", "COMMIT", "ROLLBACK" -> transaction();
            case "SHOW" -> show();
            case "DESCRIBE", "DESC" -> describe();
            default -> session(verb);
        };
    }

    private Statement session(String verb) {
        return switch (verb) {
            case "USE" -> use();
            case "ALTER" -> alter();
            case "TRUNCATE" -> truncate();
            case "GRANT", "REVOKE" -> grant(verb.equals("REVOKE"));
            default -> throw in.unsupported(verb.isEmpty() ? "empty statement" : "statement " + verb);
        };
    }

    private Statement insert() {
        in.expect("INSERT");
        if (in.sees("OVERWRITE") || in.sees("ALL") || in.sees("FIRST")) {
            throw in.unsupported("INSERT " + in.peek().text().toUpperCase(Locale.ROOT));
        }
        in.expect("INTO");
        Name table = in.name();
        boolean columnList = in.sees("(") && !queries.seesQuery();
        List<String> columns = columnList ? in.identifiers() : List.of();
        Query source = queries.seesQuery() ? queries.query() : queries.values();
        return new Statement.Insert(table, columns, source);
    }

    private Statement update() {
        in.expect("UPDATE");
        Name table = in.name();
        String alias = optionalAlias();
        in.expect("SET");
        List<Statement.Assignment> assignments = MergeParser.assignments(in, queries.expressions());
        Relation from = in.takes("FROM") ? queries.relations() : null;
        return new Statement.Update(table, alias, assignments, from, where());
    }

    private Statement delete() {
        in.expect("DELETE", "FROM");
        Name table = in.name();
        String alias = optionalAlias();
        Relation using = in.takes("USING") ? queries.relations() : null;
        return new Statement.Delete(table, alias, using, where());
    }

    private @Nullable Expression where() {
        return in.takes("WHERE") ? queries.expressions().expression() : null;
    }

    private @Nullable String optionalAlias() {
        Relation.Alias alias = queries.alias();
        return alias == null ? null : alias.name();
    }

    private Statement transaction() {
        String verb = in.word();
        if (verb.equals("START")) {
            in.expect("TRANSACTION");
        } else if (!in.takes("WORK")) {
            in.takes("TRANSACTION");
        }
        return switch (verb) {
            case "COMMIT" -> new Statement.Commit();
            case "ROLLBACK" -> new Statement.Rollback();
            default -> {
                boolean statementFollows = !in.sees("NAME") && !in.sees(";") && !in.seesKind(Token.Kind.END);
                if (statementFollows) {
                    throw in.unsupported("scripting block");
                }
                yield new Statement.Begin(in.takes("NAME") ? in.identifier() : null);
            }
        };
    }

    private Statement use() {
        in.expect("USE");
        boolean kind = in.sees("DATABASE") || in.sees("SCHEMA") || in.sees("WAREHOUSE") || in.sees("ROLE");
        if (in.sees("SECONDARY")) {
            throw in.unsupported("USE SECONDARY ROLES");
        }
        if (kind && in.peek(1).kind() != Token.Kind.END) {
            return new Statement.Use(in.word(), in.name());
        }
        Name name = in.name();
        return new Statement.Use(name.parts().size() > 1 ? "SCHEMA" : "DATABASE", name);
    }

    private Statement alter() {
        in.expect("ALTER");
        if (!in.takes("SESSION")) {
            throw in.unsupported("ALTER " + in.peek().text().toUpperCase(Locale.ROOT));
        }
        if (in.takes("UNSET")) {
            List<String> names = new ArrayList<>();
            do {
                names.add(in.word());
            } while (in.takes(","));
            return new Statement.AlterSession(Map.of(), names);
        }
        in.expect("SET");
        return new Statement.AlterSession(options.options(), List.of());
    }

    private Statement truncate() {
        in.expect("TRUNCATE");
        in.takes("TABLE");
        boolean ifExists = in.takes("IF", "EXISTS");
        return new Statement.Truncate(in.name(), ifExists);
    }

    /** Read to its end without being understood: privileges are recorded by nobody yet. */
    private Statement grant(boolean revoke) {
        int start = in.start();
        in.take();
        int privileges = 0;
        while (!in.sees("TO") && !in.sees("FROM") && !in.seesKind(Token.Kind.END)) {
            in.take();
            privileges++;
        }
        if (privileges == 0 || !(in.takes("TO") || in.takes("FROM"))) {
            throw in.unexpected();
        }
        while (!in.sees(";") && !in.seesKind(Token.Kind.END)) {
            in.take();
        }
        return new Statement.Grant(in.textFrom(start), revoke);
    }

    private Statement show() {
        in.expect("SHOW");
        in.takes("TERSE");
        String kind = in.word();
        if (kind.equals("PRIMARY") || kind.equals("FILE")) {
            kind = kind + " " + in.word();
        }
        String like = in.takes("LIKE") ? in.string() : null;
        String scope = null;
        Name name = null;
        if (in.takes("IN")) {
            boolean said = in.sees("ACCOUNT")
                    || in.sees("DATABASE")
                    || in.sees("SCHEMA")
                    || in.sees("TABLE")
                    || in.sees("VIEW")
                    || in.sees("SESSION");
            scope = said ? scope() : null;
            name = in.seesIdentifier() ? in.name() : null;
        }
        String startsWith = in.takes("STARTS", "WITH") ? in.string() : null;
        Integer limit = in.takes("LIMIT") ? Integer.valueOf(in.integer()) : null;
        return new Statement.Show(kind, like, scope, name, startsWith, limit);
    }

    private String scope() {
        return in.take().identifier();
    }

    private Statement describe() {
        in.take();
        boolean kind = in.sees("TABLE") || in.sees("VIEW") || in.sees("STAGE");
        if (!kind) {
            throw in.unsupported("DESCRIBE " + in.peek().text().toUpperCase(Locale.ROOT));
        }
        return new Statement.Describe(in.word(), in.name());
    }
}
