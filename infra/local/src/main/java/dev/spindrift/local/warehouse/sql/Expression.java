package dev.spindrift.local.warehouse.sql;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value in a statement. */
public sealed interface Expression {

    record NumberLiteral(String text) implements Expression {}

    record StringLiteral(String value) implements Expression {}

    record BooleanLiteral(boolean value) implements Expression {}

    record NullLiteral() implements Expression {}

    /** A {@code ?}; the first is 1. */
    record Parameter(int index) implements Expression {}

    /** A column, perhaps qualified. */
    record Column(Name name) implements Expression {}

    /** {@code $1}, perhaps qualified by a relation's alias. */
    record Position(@Nullable Name qualifier, int index) implements Expression {}

    /** {@code *} or {@code t.*}. */
    record Star(@Nullable Name qualifier, List<String> excluded) implements Expression {}

    /**
     * A function.
     *
     * @param name in upper case
     * @param named arguments passed by name
     * @param order WITHIN GROUP
     */
    record Call(
            String name,
            List<Expression> arguments,
            Map<String, Expression> named,
            boolean distinct,
            List<OrderItem> order,
            boolean ignoreNulls,
            @Nullable Window over)
            implements Expression {}

    record Cast(Expression value, TypeName type, boolean tryCast) implements Expression {}

    /** A semi-structured path, {@code base:a.b[0]}: steps are literals (names, numbers) or values. */
    record Path(Expression base, List<Expression> steps) implements Expression {}

    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /** {@code NOT}, {@code -} or {@code +}. */
    record Unary(String operator, Expression operand) implements Expression {}

    record Between(Expression value, Expression low, Expression high, boolean negated) implements Expression {}

    record InList(Expression value, List<Expression> list, boolean negated) implements Expression {}

    record InQuery(Expression value, Query query, boolean negated) implements Expression {}

    record Exists(Query query) implements Expression {}

    record Subquery(Query query) implements Expression {}

    record Like(
            Expression value, Expression pattern, @Nullable Expression escape, boolean caseInsensitive, boolean negated)
            implements Expression {}

    record IsNull(Expression value, boolean negated) implements Expression {}

    record IsDistinct(Expression left, Expression right, boolean negated) implements Expression {}

    record Case(
            @Nullable Expression operand,
            List<When> whens,
            @Nullable Expression otherwise) implements Expression {}

    record Tuple(List<Expression> values) implements Expression {}

    record When(Expression condition, Expression result) {}

    /** One item of an ORDER BY; {@code nullsFirst} is null where not said. */
    record OrderItem(
            Expression value, boolean descending, @Nullable Boolean nullsFirst) {}

    /** OVER; the frame is checked text, such as {@code ROWS BETWEEN 1 PRECEDING AND CURRENT ROW}. */
    record Window(
            List<Expression> partition,
            List<OrderItem> order,
            @Nullable String frame) {}
}
