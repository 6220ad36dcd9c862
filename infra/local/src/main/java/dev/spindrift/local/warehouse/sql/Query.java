package dev.spindrift.local.warehouse.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What gives rows. */
public sealed interface Query {

    /** SELECT. */
    record Select(
            boolean distinct,
            List<SelectItem> items,
            @Nullable Relation from,
            @Nullable Expression where,
            List<Expression> groupBy,
            boolean groupByAll,
            @Nullable Expression having,
            @Nullable Expression qualify)
            implements Query {}

    /** UNION, EXCEPT or INTERSECT. */
    record SetOperation(Query left, String operator, boolean all, Query right) implements Query {}

    record With(List<CommonTable> tables, Query body) implements Query {}

    record Ordered(
            Query body,
            List<Expression.OrderItem> order,
            @Nullable Expression limit,
            @Nullable Expression offset) implements Query {}

    record Values(List<List<Expression>> rows) implements Query {}

    /**
     * One item of a select list.
     *
     * @param text the expression as written, which names it where no alias does
     */
    record SelectItem(Expression value, @Nullable String alias, String text) {}

    record CommonTable(String name, List<String> columns, Query query) {}
}
