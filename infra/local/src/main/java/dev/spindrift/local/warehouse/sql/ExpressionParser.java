package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads expressions, loosest binding first: OR, AND, NOT, comparisons, sums, products, signs, then postfixes. */
final class ExpressionParser {
    private static final List<String> COMPARISONS = List.of("=", "<>", "!=", "<=", ">=", "<", ">");
    private static final List<String> SUMS = List.of("+", "-", "||");
    private static final List<String> PRODUCTS = List.of("*", "/", "%");

    private final TokenReader in;
    private final QueryParser queries;

    ExpressionParser(TokenReader in, QueryParser queries) {
        this.in = in;
        this.queries = queries;
    }

    Expression expression() {
        Expression left = conjunction();
        while (in.takes("OR")) {
            left = new Expression.Binary("OR", left, conjunction());
        }
        return left;
    }

    List<Expression> list() {
        List<Expression> values = new ArrayList<>();
        do {
            values.add(expression());
        } while (in.takes(","));
        return values;
    }

    List<Expression.OrderItem> orderItems() {
        List<Expression.OrderItem> items = new ArrayList<>();
        do {
            Expression value = expression();
            boolean descending = in.takes("DESC");
            if (!descending) {
                in.takes("ASC");
            }
            Boolean nullsFirst = in.takes("NULLS", "FIRST") ? Boolean.TRUE : null;
            nullsFirst = in.takes("NULLS", "LAST") ? Boolean.FALSE : nullsFirst;
            items.add(new Expression.OrderItem(value, descending, nullsFirst));
        } while (in.takes(","));
        return items;
    }

    Expression starOrExpression() {
        if (in.takes("*")) {
            return new Expression.Star(null, excluded());
        }
        int parts = 0;
        while (identifierAt(parts * 2) && in.peek(parts * 2 + 1).is(".")) {
            parts++;
            if (in.peek(parts * 2).is("*")) {
                List<String> names = new ArrayList<>();
                for (int i = 0; i < parts; i++) {
                    names.add(in.anyIdentifier());
                    in.expect(".");
                }
                in.expect("*");
                return new Expression.Star(new Name(names), excluded());
            }
        }
        return expression();
    }

    private List<String> excluded() {
        if (in.sees("ILIKE") || in.sees("REPLACE") || in.sees("RENAME")) {
            throw in.unsupported("SELECT * " + in.peek().text().toUpperCase(Locale.ROOT));
        }
        if (!in.takes("EXCLUDE")) {
            return List.of();
        }
        return in.sees("(") ? in.identifiers() : List.of(in.identifier());
    }

    private boolean identifierAt(int distance) {
        Token.Kind kind = in.peek(distance).kind();
        return kind == Token.Kind.WORD || kind == Token.Kind.QUOTED;
    }

    private Expression conjunction() {
        Expression left = negation();
        while (in.takes("AND")) {
            left = new Expression.Binary("AND", left, negation());
        }
        return left;
    }

    private Expression negation() {
        return in.takes("NOT") ? new Expression.Unary("NOT", negation()) : comparison();
    }

    private Expression comparison() {
        Expression left = sum();
        while (true) {
            String operator = operator(COMPARISONS);
            if (operator != null) {
                left = new Expression.Binary(operator.equals("!=") ? "<>" : operator, left, comparedWith());
            } else if (in.takes("IS")) {
                left = is(left);
            } else {
                boolean negated = in.sees("NOT") && continuesNegated(in.peek(1));
                if (negated) {
                    in.take();
                }
                Expression next = predicate(left, negated);
                if (next == null) {
                    return left;
                }
                left = next;
            }
        }
    }

    private Expression comparedWith() {
        if ((in.sees("ANY") || in.sees("ALL") || in.sees("SOME")) && in.peek(1).is("(")) {
            throw in.unsupported("comparison with ANY or ALL");
        }
        return sum();
    }

    private static boolean continuesNegated(Token token) {
        return token.is("IN")
                || token.is("LIKE")
                || token.is("ILIKE")
                || token.is("BETWEEN")
                || token.is("RLIKE")
                || token.is("REGEXP");
    }

    private @Nullable Expression predicate(Expression left, boolean negated) {
        if (in.takes("BETWEEN")) {
            Expression low = sum();
            in.expect("AND");
            return new Expression.Between(left, low, sum(), negated);
        }
        if (in.takes("IN")) {
            return in(left, negated);
        }
        if (in.sees("LIKE") || in.sees("ILIKE")) {
            boolean caseInsensitive = in.word().equals("ILIKE");
            if (in.sees("ANY") || in.sees("ALL")) {
                throw in.unsupported("LIKE ANY or LIKE ALL");
            }
            Expression pattern = sum();
            Expression escape = in.takes("ESCAPE") ? sum() : null;
            return new Expression.Like(left, pattern, escape, caseInsensitive, negated);
        }
        if (in.takes("RLIKE") || in.takes("REGEXP")) {
            Expression call = call("REGEXP_LIKE", List.of(left, sum()));
            return negated ? new Expression.Unary("NOT", call) : call;
        }
        return null;
    }

    private Expression in(Expression left, boolean negated) {
        in.expect("(");
        if (queries.seesQuery()) {
            Query query = queries.query();
            in.expect(")");
            return new Expression.InQuery(left, query, negated);
        }
        List<Expression> values = list();
        in.expect(")");
        return new Expression.InList(left, values, negated);
    }

    private Expression is(Expression left) {
        boolean negated = in.takes("NOT");
        if (in.takes("NULL")) {
            return new Expression.IsNull(left, negated);
        }
        if (in.takes("DISTINCT", "FROM")) {
            return new Expression.IsDistinct(left, sum(), negated);
        }
        boolean value = in.takes("TRUE");
        if (!value) {
            in.expect("FALSE");
        }
        return new Expression.IsDistinct(left, new Expression.BooleanLiteral(value), !negated);
    }

    private Expression sum() {
        Expression left = product();
        for (String operator = operator(SUMS); operator != null; operator = operator(SUMS)) {
            left = new Expression.Binary(operator, left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = signed();
        for (String operator = operator(PRODUCTS); operator != null; operator = operator(PRODUCTS)) {
            left = new Expression.Binary(operator, left, signed());
        }
        return left;
    }

    private @Nullable String operator(List<String> operators) {
        for (String operator : operators) {
            if (in.takes(operator)) {
                return operator;
            }
        }
        return null;
    }

    private Expression signed() {
        if (in.takes("-")) {
            return new Expression.Unary("-", signed());
        }
        return in.takes("+") ? signed() : postfix(primary());
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (in.takes("::")) {
                value = new Expression.Cast(value, type(), false);
            } else if (in.sees("[")) {
                value = new Expression.Path(value, steps(new ArrayList<>()));
            } else if (in.sees(":") && identifierAt(1)) {
                in.take();
                List<Expression> steps = new ArrayList<>();
                steps.add(step());
                value = new Expression.Path(value, steps(steps));
            } else if (in.sees("AT", "TIME")) {
                throw in.unsupported("AT TIME ZONE");
            } else {
                return value;
            }
        }
    }

    private List<Expression> steps(List<Expression> steps) {
        while (true) {
            if (in.takes("[")) {
                steps.add(expression());
                in.expect("]");
            } else if (in.sees(".") && identifierAt(1)) {
                in.take();
                steps.add(step());
            } else {
                return steps;
            }
        }
    }

    /** Names in a path keep their case. */
    private Expression step() {
        return new Expression.StringLiteral(in.take().text());
    }

    private Expression primary() {
        Token token = in.peek();
        return switch (token.kind()) {
            case NUMBER -> new Expression.NumberLiteral(in.take().text());
            case STRING -> new Expression.StringLiteral(in.take().text());
            case PARAMETER -> {
                in.take();
                yield new Expression.Parameter(in.nextParameter());
            }
            case POSITION -> position(null);
            case WORD -> word();
            case QUOTED -> column();
            default -> symbol();
        };
    }

    private Expression symbol() {
        if (in.sees("(") && queries.seesQuery()) {
            in.take();
            Query query = queries.query();
            in.expect(")");
            return new Expression.Subquery(query);
        }
        if (in.takes("(")) {
            List<Expression> values = list();
            in.expect(")");
            return values.size() == 1 ? values.get(0) : new Expression.Tuple(values);
        }
        if (in.takes("[")) {
            List<Expression> values = in.sees("]") ? List.of() : list();
            in.expect("]");
            return call("ARRAY_CONSTRUCT", values);
        }
        if (in.takes("{")) {
            return object();
        }
        throw in.unexpected();
    }

    private Expression object() {
        List<Expression> values = new ArrayList<>();
        while (!in.takes("}")) {
            values.add(new Expression.StringLiteral(in.string()));
            in.expect(":");
            values.add(expression());
            if (!in.sees("}")) {
                in.expect(",");
            }
        }
        return call("OBJECT_CONSTRUCT_KEEP_NULL", values);
    }

    private Expression word() {
        Expression keyword = keyword();
        if (keyword != null) {
            return keyword;
        }
        Token token = in.peek();
        boolean called = in.peek(1).is("(");
        if (called && !token.is("IDENTIFIER")) {
            return function();
        }
        return TokenReader.reserved(token) ? fail() : column();
    }

    private Expression fail() {
        throw in.unexpected();
    }

    private @Nullable Expression keyword() {
        if (in.takes("NULL")) {
            return new Expression.NullLiteral();
        }
        if (in.sees("TRUE") || in.sees("FALSE")) {
            return new Expression.BooleanLiteral(in.word().equals("TRUE"));
        }
        if (in.takes("CASE")) {
            return caseExpression();
        }
        if (in.takes("EXISTS", "(")) {
            Query query = queries.query();
            in.expect(")");
            return new Expression.Exists(query);
        }
        if (in.sees("CAST", "(") || in.sees("TRY_CAST", "(")) {
            return cast();
        }
        if (in.sees("INTERVAL") && in.peek(1).kind() == Token.Kind.STRING) {
            throw in.unsupported("INTERVAL literal");
        }
        boolean typed = in.sees("DATE") || in.sees("TIME") || in.sees("TIMESTAMP");
        if (typed && in.peek(1).kind() == Token.Kind.STRING) {
            TypeName type = new TypeName(in.word(), List.of());
            return new Expression.Cast(new Expression.StringLiteral(in.string()), type, false);
        }
        boolean context = in.sees("CURRENT_TIMESTAMP") || in.sees("CURRENT_DATE") || in.sees("CURRENT_TIME");
        boolean local = in.sees("LOCALTIMESTAMP") || in.sees("LOCALTIME") || in.sees("CURRENT_USER");
        if ((context || local) && !in.peek(1).is("(")) {
            return call(in.word(), List.of());
        }
        return null;
    }

    private Expression caseExpression() {
        Expression operand = in.sees("WHEN") ? null : expression();
        List<Expression.When> whens = new ArrayList<>();
        while (in.takes("WHEN")) {
            Expression condition = expression();
            in.expect("THEN");
            whens.add(new Expression.When(condition, expression()));
        }
        if (whens.isEmpty()) {
            throw in.unexpected();
        }
        Expression otherwise = in.takes("ELSE") ? expression() : null;
        in.expect("END");
        return new Expression.Case(operand, whens, otherwise);
    }

    private Expression cast() {
        boolean tryCast = in.word().equals("TRY_CAST");
        in.expect("(");
        Expression value = expression();
        in.expect("AS");
        TypeName type = type();
        in.expect(")");
        return new Expression.Cast(value, type, tryCast);
    }

    private Expression column() {
        Name name = in.name();
        if (in.sees(".") && in.peek(1).kind() == Token.Kind.POSITION) {
            in.take();
            return position(name);
        }
        return new Expression.Column(name);
    }

    private Expression position(@Nullable Name qualifier) {
        Token token = in.take();
        if (token.text().isEmpty() || token.text().length() > 4) {
            throw new SqlSyntaxException(token, "unexpected '$" + token.text() + "'.");
        }
        return new Expression.Position(qualifier, Integer.parseInt(token.text()));
    }

    /** A function that gives a relation, such as {@code FLATTEN(INPUT => x)}. */
    Expression.Call tableFunction() {
        Name name = in.name();
        in.expect("(");
        return arguments(name.last());
    }

    private Expression function() {
        String name = in.word();
        in.expect("(");
        if (name.equals("EXTRACT")) {
            return extract();
        }
        Expression.Call call = arguments(name);
        List<Expression.OrderItem> within = call.order();
        if (in.takes("WITHIN", "GROUP", "(")) {
            in.expect("ORDER", "BY");
            within = orderItems();
            in.expect(")");
        }
        boolean ignoreNulls = in.takes("IGNORE", "NULLS") || call.ignoreNulls();
        in.takes("RESPECT", "NULLS");
        if (in.sees("FILTER", "(")) {
            throw in.unsupported("FILTER clause");
        }
        Expression.Window over = in.takes("OVER") ? window() : null;
        return new Expression.Call(name, call.arguments(), call.named(), call.distinct(), within, ignoreNulls, over);
    }

    private Expression extract() {
        Expression part = new Expression.StringLiteral(in.word());
        in.expect("FROM");
        Expression value = expression();
        in.expect(")");
        return call("DATE_PART", List.of(part, value));
    }

    /** The arguments after the opening parenthesis, and the closing one. */
    private Expression.Call arguments(String name) {
        boolean distinct = in.takes("DISTINCT");
        List<Expression> values = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        boolean ignoreNulls = false;
        while (!in.takes(")")) {
            if (identifierAt(0) && in.peek(1).is("=>")) {
                String argument = in.word();
                in.expect("=>");
                named.put(argument, expression());
            } else {
                // What is looked for must end before the IN of POSITION(a IN b).
                values.add(name.equals("POSITION") ? sum() : starOrExpression());
            }
            if (name.equals("POSITION") && in.takes("IN")) {
                values.add(expression());
            }
            ignoreNulls = in.takes("IGNORE", "NULLS") || ignoreNulls;
            if (!in.sees(")")) {
                in.expect(",");
            }
        }
        return new Expression.Call(name, values, named, distinct, List.of(), ignoreNulls, null);
    }

    private Expression.Window window() {
        in.expect("(");
        List<Expression> partition = in.takes("PARTITION", "BY") ? list() : List.<Expression>of();
        List<Expression.OrderItem> order = in.takes("ORDER", "BY") ? orderItems() : List.<Expression.OrderItem>of();
        String frame = in.sees("ROWS") || in.sees("RANGE") ? frame() : null;
        in.expect(")");
        return new Expression.Window(partition, order, frame);
    }

    private String frame() {
        String unit = in.word();
        if (in.takes("BETWEEN")) {
            String low = bound();
            in.expect("AND");
            return unit + " BETWEEN " + low + " AND " + bound();
        }
        return unit + " " + bound();
    }

    private String bound() {
        if (in.takes("CURRENT", "ROW")) {
            return "CURRENT ROW";
        }
        String distance = in.takes("UNBOUNDED") ? "UNBOUNDED" : String.valueOf(in.integer());
        if (in.takes("PRECEDING")) {
            return distance + " PRECEDING";
        }
        in.expect("FOLLOWING");
        return distance + " FOLLOWING";
    }

    TypeName type() {
        String name = in.word();
        if (name.equals("DOUBLE") && in.takes("PRECISION")) {
            name = "DOUBLE";
        } else if ((name.equals("CHARACTER") || name.equals("CHAR")) && in.takes("VARYING")) {
            name = "VARCHAR";
        }
        List<String> arguments = new ArrayList<>();
        if (in.takes("(")) {
            do {
                arguments.add(in.take().text().toUpperCase(Locale.ROOT));
            } while (in.takes(","));
            in.expect(")");
        }
        if (name.equals("TIMESTAMP") && in.takes("WITH", "LOCAL", "TIME", "ZONE")) {
            name = "TIMESTAMP_LTZ";
        } else if (name.equals("TIMESTAMP") && in.takes("WITH", "TIME", "ZONE")) {
            name = "TIMESTAMP_TZ";
        } else if (name.equals("TIMESTAMP") && in.takes("WITHOUT", "TIME", "ZONE")) {
            name = "TIMESTAMP_NTZ";
        }
        return new TypeName(name, arguments);
    }

    private static Expression.Call call(String name, List<Expression> arguments) {
        return new Expression.Call(name, arguments, Map.of(), false, List.of(), false, null);
    }
}
