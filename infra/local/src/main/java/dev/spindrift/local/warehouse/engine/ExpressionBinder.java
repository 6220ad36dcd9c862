package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.sql.Expression;
import dev.spindrift.local.warehouse.sql.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns expressions into DuckDB's SQL with their Snowflake types. */
final class ExpressionBinder {
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");

    private final QueryBinder queries;
    private final Scope scope;

    ExpressionBinder(QueryBinder queries, Scope scope) {
        this.queries = queries;
        this.scope = scope;
    }

    Environment environment() {
        return queries.environment();
    }

    List<Typed> bindAll(List<Expression> expressions) {
        List<Typed> values = new ArrayList<>();
        expressions.forEach(expression -> values.add(bind(expression)));
        return values;
    }

    /** The text of a condition. */
    String condition(Expression expression) {
        return Casts.cast(bind(expression), Types.BOOLEAN, false).sql();
    }

    Typed bind(Expression expression) {
        if (expression instanceof Expression.NumberLiteral literal) {
            return number(literal.text());
        }
        if (expression instanceof Expression.StringLiteral literal) {
            ColumnType type =
                    new ColumnType(Kind.TEXT, 0, 0, Math.max(1, literal.value().length()), false);
            return new Typed(Sql.string(literal.value()), type, false);
        }
        if (expression instanceof Expression.BooleanLiteral literal) {
            return new Typed(String.valueOf(literal.value()), Types.BOOLEAN, false);
        }
        if (expression instanceof Expression.NullLiteral) {
            return Typed.NULL;
        }
        if (expression instanceof Expression.Parameter parameter) {
            return queries.binds().value(parameter.index());
        }
        if (expression instanceof Expression.Column column) {
            return column(column.name());
        }
        if (expression instanceof Expression.Position position) {
            return position(position);
        }
        if (expression instanceof Expression.Call call) {
            return Functions.call(call, this);
        }
        return composed(expression);
    }

    private Typed composed(Expression expression) {
        if (expression instanceof Expression.Cast cast) {
            return Casts.cast(bind(cast.value()), Types.parse(cast.type()), cast.tryCast());
        }
        if (expression instanceof Expression.Path path) {
            StagedColumns staged = scope.staged();
            return staged != null && path.base() instanceof Expression.Position
                    ? staged.field(path, this)
                    : Paths.bind(path, bind(path.base()), this);
        }
        if (expression instanceof Expression.Binary binary) {
            return binary(binary);
        }
        if (expression instanceof Expression.Unary unary) {
            return unary(unary);
        }
        if (expression instanceof Expression.Case choice) {
            return choice(choice);
        }
        if (expression instanceof Expression.Subquery subquery) {
            Bound bound = queries.inner(null).bind(subquery.query(), scope);
            if (bound.fields().size() != 1) {
                throw Failures.unsupported(
                        "scalar subquery of " + bound.fields().size() + " columns");
            }
            return new Typed(
                    "(" + bound.sql() + ")", bound.fields().get(0).value().type());
        }
        return predicate(expression);
    }

    private Typed predicate(Expression expression) {
        if (expression instanceof Expression.IsNull test) {
            return Typed.bool("(" + bind(test.value()).sql() + " IS " + not(test.negated()) + "NULL)");
        }
        if (expression instanceof Expression.IsDistinct test) {
            List<Typed> sides = comparable(bind(test.left()), bind(test.right()));
            return Typed.bool("(" + sides.get(0).sql() + " IS " + not(test.negated()) + "DISTINCT FROM "
                    + sides.get(1).sql() + ")");
        }
        if (expression instanceof Expression.Between between) {
            Expression low = new Expression.Binary(">=", between.value(), between.low());
            Expression high = new Expression.Binary("<=", between.value(), between.high());
            Typed both = bind(new Expression.Binary("AND", low, high));
            return between.negated() ? Typed.bool("(NOT " + both.sql() + ")") : both;
        }
        if (expression instanceof Expression.Like like) {
            return like(like);
        }
        if (expression instanceof Expression.Exists exists) {
            return Typed.bool(
                    "EXISTS (" + queries.inner(null).bind(exists.query(), scope).sql() + ")");
        }
        if (expression instanceof Expression.InList list) {
            return inList(list);
        }
        if (expression instanceof Expression.InQuery query) {
            return inQuery(query);
        }
        if (expression instanceof Expression.Tuple) {
            throw Failures.unsupported("row value outside IN");
        }
        throw Failures.unsupported("* here");
    }

    private static String not(boolean negated) {
        return negated ? "NOT " : "";
    }

    private static Typed number(String text) {
        if (text.matches("\\d{1,38}")) {
            return new Typed(text, Types.fixed(Math.max(1, text.length()), 0), false);
        }
        if (text.matches("\\d*\\.\\d*") && text.length() <= 38) {
            int scale = text.length() - text.indexOf('.') - 1;
            return new Typed(text, Types.fixed(Math.max(text.length() - 1, scale), scale), false);
        }
        return new Typed("CAST(" + text + " AS DOUBLE)", Types.REAL, false);
    }

    private Typed column(Name name) {
        Typed found = scope.find(name);
        if (found != null) {
            return found;
        }
        Expression aliased = scope.aliased(name);
        if (aliased != null) {
            scope.hide(name.last());
            try {
                return bind(aliased);
            } finally {
                scope.alias(name.last(), aliased);
            }
        }
        Typed outside = scope.findOutside(name);
        if (outside == null) {
            throw Failures.invalidIdentifier(name.toString());
        }
        return outside;
    }

    /** The n-th column of the relation: what {@code $n} means for anything but a staged file. */
    private Typed position(Expression.Position position) {
        StagedColumns staged = scope.staged();
        if (staged != null && position.index() == 1) {
            return staged.row();
        }
        List<Field> fields = scope.all(position.qualifier());
        if (position.index() < 1 || position.index() > fields.size()) {
            throw Failures.invalidIdentifier("$" + position.index());
        }
        return fields.get(position.index() - 1).value();
    }

    private Typed unary(Expression.Unary unary) {
        Typed operand = bind(unary.operand());
        if (unary.operator().equals("NOT")) {
            return Typed.bool(
                    "(NOT " + Casts.cast(operand, Types.BOOLEAN, false).sql() + ")");
        }
        Typed number = arithmetic(operand);
        return new Typed("(-" + number.sql() + ")", number.type());
    }

    private Typed binary(Expression.Binary binary) {
        String operator = binary.operator();
        if (operator.equals("AND") || operator.equals("OR")) {
            return Typed.bool("(" + condition(binary.left()) + " " + operator + " " + condition(binary.right()) + ")");
        }
        if (COMPARISONS.contains(operator)) {
            if (binary.left() instanceof Expression.Tuple left && binary.right() instanceof Expression.Tuple right) {
                return tupleEquals(left, right, operator);
            }
            List<Typed> sides = comparable(bind(binary.left()), bind(binary.right()));
            return Typed.bool("(" + sides.get(0).sql() + " " + operator + " "
                    + sides.get(1).sql() + ")");
        }
        Typed left = bind(binary.left());
        Typed right = bind(binary.right());
        if (operator.equals("||")) {
            return left.kind() == Kind.BINARY
                    ? new Typed("(" + left.sql() + " || " + right.sql() + ")", Types.BINARY)
                    : Typed.text("(" + Casts.text(left).sql() + " || "
                            + Casts.text(right).sql() + ")");
        }
        return Arithmetic.bind(operator, left, right);
    }

    private Typed tupleEquals(Expression.Tuple left, Expression.Tuple right, String operator) {
        if (!operator.equals("=") || left.values().size() != right.values().size()) {
            throw Failures.unsupported("comparison of row values other than =");
        }
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < left.values().size(); i++) {
            equal.add(bind(new Expression.Binary(
                            "=", left.values().get(i), right.values().get(i)))
                    .sql());
        }
        return Typed.bool("(" + String.join(" AND ", equal) + ")");
    }

    private static Typed arithmetic(Typed value) {
        return Types.numeric(value.type()) ? value : Casts.cast(value, Types.REAL, false);
    }

    /** Both sides brought to types that DuckDB compares as Snowflake does. */
    static List<Typed> comparable(Typed left, Typed right) {
        if (left.isNull() || right.isNull() || (left.kind() == right.kind() && !Types.semiStructured(left.type()))) {
            return List.of(left, right);
        }
        boolean leftSemi = Types.semiStructured(left.type());
        boolean rightSemi = Types.semiStructured(right.type());
        if (leftSemi && rightSemi) {
            return List.of(Typed.text(key(left)), Typed.text(key(right)));
        }
        if (leftSemi) {
            return List.of(Casts.cast(Casts.variant(left), right.type(), right.kind() != Kind.TEXT), right);
        }
        if (rightSemi) {
            return List.of(left, Casts.cast(Casts.variant(right), left.type(), left.kind() != Kind.TEXT));
        }
        if (left.kind() == Kind.TIMESTAMP_TZ || right.kind() == Kind.TIMESTAMP_TZ) {
            return List.of(Casts.cast(left, Types.LTZ, false), Casts.cast(right, Types.LTZ, false));
        }
        return List.of(left, right);
    }

    /** What orders VARIANT values: numbers by size before all else, the rest by text. */
    private static String key(Typed value) {
        String json = Casts.variant(value).sql();
        return "{'n': CASE WHEN json_type(" + json + ") IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT') THEN CAST(" + json
                + " ->> '$' AS DOUBLE) END, 't': CASE WHEN json_type(" + json
                + ") IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT') THEN NULL ELSE CAST(" + json + " AS VARCHAR) END}";
    }

    /** The text to sort by. */
    String sortKey(Expression expression) {
        Typed value = bind(expression);
        return Types.semiStructured(value.type()) ? key(value) : value.sql();
    }

    static String direction(Expression.OrderItem item) {
        boolean nullsFirst = item.nullsFirst() == null ? item.descending() : item.nullsFirst();
        return (item.descending() ? " DESC" : " ASC") + (nullsFirst ? " NULLS FIRST" : " NULLS LAST");
    }

    String order(List<Expression.OrderItem> items) {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add(sortKey(item.value()) + direction(item)));
        return String.join(", ", texts);
    }

    private Typed like(Expression.Like like) {
        String keyword = like.caseInsensitive() ? " ILIKE " : " LIKE ";
        String escape = like.escape() == null
                ? ""
                : " ESCAPE " + Casts.text(bind(like.escape())).sql();
        return Typed.bool("(" + Casts.text(bind(like.value())).sql() + " " + not(like.negated()) + keyword.strip() + " "
                + Casts.text(bind(like.pattern())).sql() + escape + ")");
    }

    private Typed inList(Expression.InList in) {
        if (in.value() instanceof Expression.Tuple tuple) {
            List<String> any = new ArrayList<>();
            for (Expression candidate : in.list()) {
                any.add(bind(new Expression.Binary("=", tuple, candidate)).sql());
            }
            return Typed.bool("(" + (in.negated() ? "NOT " : "") + "(" + String.join(" OR ", any) + "))");
        }
        Typed value = bind(in.value());
        List<String> texts = new ArrayList<>();
        String left = value.sql();
        for (Expression candidate : in.list()) {
            List<Typed> sides = comparable(value, bind(candidate));
            left = sides.get(0).sql();
            texts.add(sides.get(1).sql());
        }
        return Typed.bool("(" + left + " " + not(in.negated()) + "IN (" + String.join(", ", texts) + "))");
    }

    private Typed inQuery(Expression.InQuery in) {
        Bound bound = queries.inner(null).bind(in.query(), scope);
        List<Expression> values = in.value() instanceof Expression.Tuple tuple ? tuple.values() : List.of(in.value());
        if (values.size() != bound.fields().size()) {
            throw Failures.unsupported("IN with a query of another number of columns");
        }
        List<String> left = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Typed column = bound.fields().get(i).value();
            left.add(comparable(bind(values.get(i)), column).get(0).sql());
        }
        return Typed.bool("((" + String.join(", ", left) + ") " + not(in.negated()) + "IN (" + bound.sql() + "))");
    }

    private Typed choice(Expression.Case choice) {
        List<Typed> results = new ArrayList<>();
        choice.whens().forEach(when -> results.add(bind(when.result())));
        results.add(choice.otherwise() == null ? Typed.NULL : bind(choice.otherwise()));
        ColumnType type = common(results);
        StringBuilder sql = new StringBuilder("(CASE");
        for (int i = 0; i < choice.whens().size(); i++) {
            Expression condition = choice.whens().get(i).condition();
            Expression test =
                    choice.operand() == null ? condition : new Expression.Binary("=", choice.operand(), condition);
            sql.append(" WHEN ").append(condition(test)).append(" THEN ").append(unified(results.get(i), type));
        }
        Typed last = results.get(results.size() - 1);
        return new Typed(
                sql.append(" ELSE ").append(unified(last, type)).append(" END)").toString(), type);
    }

    /** A branch of a choice, of the type that all have in common. */
    static String unified(Typed value, ColumnType type) {
        if (value.isNull()) {
            return "NULL";
        }
        boolean same = (value.kind() == type.kind() && type.kind() != Kind.VECTOR);
        return same ? value.sql() : Casts.cast(value, type, false).sql();
    }

    static ColumnType common(List<Typed> values) {
        Typed common = values.get(0);
        for (Typed value : values) {
            common = new Typed(common.isNull() ? value.sql() : common.sql(), common(common, value));
        }
        return common.type();
    }

    /** The type that holds both values. */
    static ColumnType common(Typed left, Typed right) {
        if (left.isNull()) {
            return right.type();
        }
        if (right.isNull() || left.type().equals(right.type())) {
            return left.type();
        }
        ColumnType a = left.type();
        ColumnType b = right.type();
        if (a.kind() == Kind.FIXED && b.kind() == Kind.FIXED) {
            int scale = Math.max(a.scale(), b.scale());
            return Types.fixed(
                    Math.min(38, Math.max(a.precision() - a.scale(), b.precision() - b.scale()) + scale), scale);
        }
        if (a.kind() == Kind.TEXT && b.kind() == Kind.TEXT) {
            return new ColumnType(Kind.TEXT, 0, 0, Math.max(a.length(), b.length()), false);
        }
        if (Types.numeric(a) && Types.numeric(b)) {
            return Types.REAL;
        }
        if (Types.semiStructured(a) || Types.semiStructured(b)) {
            return Types.VARIANT;
        }
        if (a.kind() == Kind.TEXT || b.kind() == Kind.TEXT) {
            ColumnType other = a.kind() == Kind.TEXT ? b : a;
            return other.kind() == Kind.FIXED ? Types.fixed(38, other.scale()) : other;
        }
        if (Types.timestamp(a) || Types.timestamp(b)) {
            return Types.timestamp(a) ? a : b;
        }
        throw Failures.invalidTypes("common type", Types.shown(a) + ", " + Types.shown(b));
    }

    /** OVER and what is in it; empty without. */
    String over(Expression.@Nullable Window window) {
        if (window == null) {
            return "";
        }
        List<String> partition = new ArrayList<>();
        window.partition().forEach(value -> partition.add(bind(value).sql()));
        String by = partition.isEmpty() ? "" : "PARTITION BY " + String.join(", ", partition);
        String order = window.order().isEmpty() ? "" : " ORDER BY " + order(window.order());
        String frame = window.frame() == null ? "" : " " + window.frame();
        return " OVER (" + by + order + frame + ")";
    }
}
