package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads queries and what stands in their FROM clauses. */
final class QueryParser {
    private final TokenReader in;
    private final ExpressionParser expressions;

    QueryParser(TokenReader in) {
        this.in = in;
        this.expressions = new ExpressionParser(in, this);
    }

    ExpressionParser expressions() {
        return expressions;
    }

    boolean seesQuery() {
        int depth = 0;
        while (in.peek(depth).is("(")) {
            depth++;
        }
        Token first = in.peek(depth);
        return first.is("SELECT")
                || first.is("WITH")
                || (first.is("VALUES") && in.peek(depth + 1).is("("));
    }

    Query query() {
        if (!in.takes("WITH")) {
            return ordered(setOperation());
        }
        in.takes("RECURSIVE");
        List<Query.CommonTable> tables = new ArrayList<>();
        do {
            String name = in.identifier();
            List<String> columns = in.sees("(") ? in.identifiers() : List.of();
            in.expect("AS", "(");
            tables.add(new Query.CommonTable(name, columns, query()));
            in.expect(")");
        } while (in.takes(","));
        return new Query.With(tables, ordered(setOperation()));
    }

    private Query setOperation() {
        Query left = intersection();
        while (in.sees("UNION") || in.sees("EXCEPT") || in.sees("MINUS")) {
            String operator = in.word();
            boolean all = in.takes("ALL");
            in.takes("DISTINCT");
            left = new Query.SetOperation(left, operator.equals("MINUS") ? "EXCEPT" : operator, all, intersection());
        }
        return left;
    }

    private Query intersection() {
        Query left = primary();
        while (in.takes("INTERSECT")) {
            left = new Query.SetOperation(left, "INTERSECT", false, primary());
        }
        return left;
    }

    private Query primary() {
        if (in.takes("(")) {
            Query query = query();
            in.expect(")");
            return query;
        }
        if (in.sees("VALUES")) {
            return values();
        }
        return select();
    }

    private Query ordered(Query body) {
        List<Expression.OrderItem> order =
                in.takes("ORDER", "BY") ? expressions.orderItems() : List.<Expression.OrderItem>of();
        Expression limit = null;
        Expression offset = null;
        if (in.takes("LIMIT")) {
            limit = expressions.expression();
        }
        if (in.takes("OFFSET")) {
            offset = expressions.expression();
            if (!in.takes("ROWS")) {
                in.takes("ROW");
            }
        }
        if (in.takes("FETCH")) {
            if (!in.takes("FIRST")) {
                in.takes("NEXT");
            }
            limit = expressions.expression();
            if (!in.takes("ROWS")) {
                in.takes("ROW");
            }
            in.takes("ONLY");
        }
        return order.isEmpty() && limit == null && offset == null
                ? body
                : new Query.Ordered(body, order, limit, offset);
    }

    Query.Values values() {
        in.expect("VALUES");
        List<List<Expression>> rows = new ArrayList<>();
        do {
            in.expect("(");
            rows.add(expressions.list());
            in.expect(")");
        } while (in.takes(","));
        return new Query.Values(rows);
    }

    Query.Select select() {
        in.expect("SELECT");
        boolean distinct = in.takes("DISTINCT");
        in.takes("ALL");
        if (in.sees("TOP") && in.peek(1).kind() == Token.Kind.NUMBER) {
            throw in.unsupported("SELECT TOP");
        }
        List<Query.SelectItem> items = new ArrayList<>();
        do {
            items.add(item());
        } while (in.takes(",") && !in.sees("FROM"));
        Relation from = in.takes("FROM") ? relations() : null;
        Expression where = in.takes("WHERE") ? expressions.expression() : null;
        boolean groupByAll = false;
        List<Expression> groupBy = List.of();
        if (in.takes("GROUP", "BY")) {
            groupByAll = in.takes("ALL");
            groupBy = groupByAll ? List.of() : grouping();
        }
        Expression having = in.takes("HAVING") ? expressions.expression() : null;
        Expression qualify = in.takes("QUALIFY") ? expressions.expression() : null;
        if (in.sees("CONNECT") || in.sees("START") || in.sees("WINDOW")) {
            throw in.unsupported(in.peek().text().toUpperCase(java.util.Locale.ROOT) + " clause");
        }
        return new Query.Select(distinct, items, from, where, groupBy, groupByAll, having, qualify);
    }

    private List<Expression> grouping() {
        if (in.sees("CUBE") || in.sees("ROLLUP") || in.sees("GROUPING")) {
            throw in.unsupported("GROUP BY CUBE, ROLLUP or GROUPING SETS");
        }
        return expressions.list();
    }

    private Query.SelectItem item() {
        int start = in.start();
        Expression value = expressions.starOrExpression();
        String text = in.textFrom(start);
        String alias = null;
        if (in.takes("AS")) {
            alias = in.anyIdentifier();
        } else if (in.seesIdentifier()) {
            alias = in.identifier();
        }
        return new Query.SelectItem(value, alias, text);
    }

    Relation relations() {
        Relation left = joined();
        while (in.takes(",")) {
            left = new Relation.Join("CROSS", left, joined(), null, List.of());
        }
        return left;
    }

    private Relation joined() {
        Relation left = relation();
        while (true) {
            String kind = joinKind();
            if (kind == null) {
                return left;
            }
            Relation right = relation();
            Expression on = null;
            List<String> using = List.of();
            if (!kind.equals("CROSS") && in.takes("ON")) {
                on = expressions.expression();
            } else if (!kind.equals("CROSS") && in.takes("USING")) {
                using = in.identifiers();
            }
            boolean unconditional = on == null && using.isEmpty();
            left = new Relation.Join(unconditional && kind.equals("INNER") ? "CROSS" : kind, left, right, on, using);
        }
    }

    private @Nullable String joinKind() {
        if (in.sees("NATURAL") || in.sees("ASOF")) {
            throw in.unsupported(in.peek().text().toUpperCase(java.util.Locale.ROOT) + " JOIN");
        }
        String kind = "INNER";
        if (in.takes("CROSS")) {
            kind = "CROSS";
        } else if (in.sees("LEFT") || in.sees("RIGHT") || in.sees("FULL")) {
            kind = in.word();
            in.takes("OUTER");
        } else if (!in.takes("INNER") && !in.sees("JOIN")) {
            return null;
        }
        in.expect("JOIN");
        return kind;
    }

    Relation relation() {
        boolean lateral = in.takes("LATERAL");
        if (in.sees("(") && seesQuery()) {
            in.take();
            Query query = query();
            in.expect(")");
            return new Relation.Derived(query, alias());
        }
        if (in.takes("(")) {
            Relation relation = relations();
            in.expect(")");
            return relation;
        }
        if (in.sees("VALUES")) {
            return new Relation.Derived(values(), alias());
        }
        if (in.takes("TABLE", "(")) {
            Expression.Call call = expressions.tableFunction();
            in.expect(")");
            return new Relation.Function(call, alias());
        }
        if (lateral) {
            return new Relation.Function(expressions.tableFunction(), alias());
        }
        if (in.seesKind(Token.Kind.STAGE)) {
            Token token = in.take();
            return new Relation.Staged(StagePath.parse(token, token.text()), alias());
        }
        return table();
    }

    private Relation table() {
        Name name = in.name();
        if (in.sees("AT", "(") || in.sees("BEFORE", "(") || in.sees("CHANGES", "(")) {
            throw in.unsupported("time travel (AT, BEFORE, CHANGES)");
        }
        if (in.sees("SAMPLE") || in.sees("TABLESAMPLE") || in.sees("PIVOT") || in.sees("UNPIVOT")) {
            throw in.unsupported(in.peek().text().toUpperCase(java.util.Locale.ROOT));
        }
        return new Relation.Table(name, alias());
    }

    Relation.@Nullable Alias alias() {
        boolean said = in.takes("AS");
        if (!said && !in.seesIdentifier()) {
            return null;
        }
        String name = in.identifier();
        return new Relation.Alias(name, in.sees("(") ? in.identifiers() : List.of());
    }
}
