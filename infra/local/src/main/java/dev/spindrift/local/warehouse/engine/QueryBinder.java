package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Expression;
import dev.spindrift.local.warehouse.sql.Name;
import dev.spindrift.local.warehouse.sql.Query;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns queries into DuckDB's SQL. Every relation gets an alias of its own and every column of a query the name {@code
 * c<index>}, so nothing rests on how DuckDB folds or prefers names: which column is meant is decided here, by
 * Snowflake's rules.
 */
final class QueryBinder {

    /** A column of a SELECT before it has its name in the output. */
    private record Item(String name, Typed value) {}

    private final Environment environment;
    private final Binds binds;
    private final Aliases aliases;
    private final @Nullable QueryBinder outer;
    private final Map<String, Bound> commonTables = new HashMap<>();

    /** Numbers the relations of one statement. */
    static final class Aliases {
        private int last;

        String next() {
            return "r" + ++last;
        }
    }

    QueryBinder(Environment environment, Binds binds) {
        this(environment, binds, new Aliases(), null);
    }

    private QueryBinder(Environment environment, Binds binds, Aliases aliases, @Nullable QueryBinder outer) {
        this.environment = environment;
        this.binds = binds;
        this.aliases = aliases;
        this.outer = outer;
    }

    Environment environment() {
        return environment;
    }

    Binds binds() {
        return binds;
    }

    String newAlias() {
        return aliases.next();
    }

    /** A binder for a query that sees the common tables of this one; or, for a view's, that sees none. */
    QueryBinder inner(@Nullable Environment ofView) {
        return ofView == null
                ? new QueryBinder(environment, binds, aliases, this)
                : new QueryBinder(ofView, new Binds(List.of(), false), aliases, null);
    }

    ExpressionBinder expressions(Scope scope) {
        return new ExpressionBinder(this, scope);
    }

    @Nullable
    Bound commonTable(Name name) {
        if (name.parts().size() != 1) {
            return null;
        }
        for (QueryBinder binder = this; binder != null; binder = binder.outer) {
            Bound found = binder.commonTables.get(name.last());
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    Bound bind(Query query, @Nullable Scope around) {
        if (query instanceof Query.Select select) {
            return select(select, List.of(), "", around);
        }
        if (query instanceof Query.SetOperation operation) {
            return setOperation(operation, around);
        }
        if (query instanceof Query.With with) {
            return with(with, around);
        }
        if (query instanceof Query.Ordered ordered) {
            return ordered(ordered, around);
        }
        return values((Query.Values) query, around);
    }

    private Bound with(Query.With with, @Nullable Scope around) {
        QueryBinder binder = inner(null);
        for (Query.CommonTable table : with.tables()) {
            Bound bound = binder.inner(null).bind(table.query(), around);
            binder.commonTables.put(table.name(), renamed(bound, table.columns()));
        }
        return binder.bind(with.body(), around);
    }

    static Bound renamed(Bound bound, List<String> names) {
        if (names.isEmpty()) {
            return bound;
        }
        if (names.size() != bound.fields().size()) {
            throw new SqlFailure(
                    "002020",
                    "21S01",
                    "SQL compilation error:\nInvalid column list: expected " + names.size() + " columns, got "
                            + bound.fields().size());
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            fields.add(new Field(names.get(i), bound.fields().get(i).value()));
        }
        return new Bound(bound.sql(), fields);
    }

    private Bound setOperation(Query.SetOperation operation, @Nullable Scope around) {
        Bound left = inner(null).bind(operation.left(), around);
        Bound right = inner(null).bind(operation.right(), around);
        if (left.fields().size() != right.fields().size()) {
            throw new SqlFailure(
                    "001789",
                    "42601",
                    "SQL compilation error:\ninvalid number of result columns for set operator input branches, expected "
                            + left.fields().size() + ", got " + right.fields().size());
        }
        List<ColumnType> types = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < left.fields().size(); i++) {
            Field field = left.fields().get(i);
            ColumnType type =
                    ExpressionBinder.common(field.value(), right.fields().get(i).value());
            types.add(type);
            fields.add(new Field(field.name(), new Typed("c" + i, type)));
        }
        String sql = converted(left, types) + " " + operation.operator() + (operation.all() ? " ALL " : " ")
                + converted(right, types);
        return new Bound(sql, fields);
    }

    /** One side of a set operation, its columns brought to the types of the whole. */
    private String converted(Bound side, List<ColumnType> types) {
        String alias = newAlias();
        List<Field> fields = side.under(alias);
        List<String> columns = new ArrayList<>();
        boolean same = true;
        for (int i = 0; i < types.size(); i++) {
            ColumnType from = fields.get(i).value().type();
            boolean keeps = from.kind() == types.get(i).kind()
                    && !side.fields().get(i).value().isNull();
            same &= keeps;
            Typed value =
                    keeps ? fields.get(i).value() : Casts.cast(fields.get(i).value(), types.get(i), false);
            columns.add(value.sql() + " AS c" + i);
        }
        return same
                ? "(" + side.sql() + ")"
                : "(SELECT " + String.join(", ", columns) + " FROM (" + side.sql() + ") AS " + alias + ")";
    }

    private Bound ordered(Query.Ordered ordered, @Nullable Scope around) {
        String limits = limits(ordered);
        if (ordered.body() instanceof Query.Select select) {
            return select(select, ordered.order(), limits, around);
        }
        Bound body = inner(null).bind(ordered.body(), around);
        String alias = newAlias();
        List<Field> fields = body.under(alias);
        Scope scope = new Scope(around);
        scope.add(List.of(), fields);
        List<String> order = new ArrayList<>();
        for (Expression.OrderItem item : ordered.order()) {
            order.add(orderItem(item, names(fields), fields.size(), scope));
        }
        String by = order.isEmpty() ? "" : " ORDER BY " + String.join(", ", order);
        return new Bound("SELECT * FROM (" + body.sql() + ") AS " + alias + by + limits, body.fields());
    }

    private static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::name).toList();
    }

    private String limits(Query.Ordered ordered) {
        String limit = ordered.limit() == null ? "" : count(" LIMIT ", ordered.limit());
        String offset = ordered.offset() == null ? "" : count(" OFFSET ", ordered.offset());
        return limit + offset;
    }

    private String count(String keyword, Expression value) {
        String text;
        if (value instanceof Expression.Parameter parameter) {
            text = binds.single(parameter.index());
        } else if (value instanceof Expression.NumberLiteral literal) {
            text = literal.text();
        } else if (value instanceof Expression.NullLiteral) {
            text = null;
        } else {
            throw Failures.unsupported("LIMIT or OFFSET of an expression");
        }
        if (text == null) {
            return "";
        }
        if (!text.matches("\\d{1,18}")) {
            throw new SqlFailure("001010", "2201W", "SQL compilation error:\nInvalid row count '" + text + "'");
        }
        return keyword + text;
    }

    private Bound values(Query.Values values, @Nullable Scope around) {
        int width = values.rows().get(0).size();
        boolean arrays = binds.arrays() && values.rows().size() == 1;
        binds.inRows(arrays);
        List<List<Typed>> rows = new ArrayList<>();
        for (List<Expression> row : values.rows()) {
            if (row.size() != width) {
                throw new SqlFailure(
                        "001790", "42601", "SQL compilation error:\nInconsistent number of columns in VALUES");
            }
            rows.add(expressions(new Scope(around)).bindAll(row));
        }
        binds.inRows(false);
        List<ColumnType> types =
                new ArrayList<>(rows.get(0).stream().map(Typed::type).toList());
        for (int column = 0; column < width; column++) {
            Typed common = rows.get(0).get(column);
            for (List<Typed> row : rows) {
                common = common.as(ExpressionBinder.common(common, row.get(column)));
                common = common.isNull() ? row.get(column) : common;
            }
            types.set(column, common.type());
        }
        List<Field> fields = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            fields.add(new Field("COLUMN" + (column + 1), new Typed("c" + column, types.get(column))));
        }
        return new Bound(arrays ? arrayRows(rows.get(0), types) : valueRows(rows, types), fields);
    }

    private String arrayRows(List<Typed> row, List<ColumnType> types) {
        return "SELECT " + selectList(row, types) + " FROM " + binds.rows() + " AS b";
    }

    private static String valueRows(List<List<Typed>> rows, List<ColumnType> types) {
        List<String> texts = new ArrayList<>();
        for (List<Typed> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                cells.add(valueCell(row.get(i), types.get(i)).sql());
            }
            texts.add("(" + String.join(", ", cells) + ")");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            names.add("c" + i);
        }
        return "SELECT * FROM (VALUES " + String.join(", ", texts) + ") AS v(" + String.join(", ", names) + ")";
    }

    private static String selectList(List<Typed> row, List<ColumnType> types) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(valueCell(row.get(i), types.get(i)).sql() + " AS c" + i);
        }
        return String.join(", ", cells);
    }

    /** Numbers keep DuckDB's own type in VALUES, which finds the common one itself; the rest is converted. */
    private static Typed valueCell(Typed value, ColumnType type) {
        return Types.numeric(type) && Types.numeric(value.type()) && !value.isNull()
                ? value
                : Casts.cast(value, type, false);
    }

    private Bound select(Query.Select select, List<Expression.OrderItem> order, String limits, @Nullable Scope around) {
        Scope scope = new Scope(around);
        String from = select.from() == null ? "" : " FROM " + new RelationBinder(this).bind(select.from(), scope);
        for (Query.SelectItem item : select.items()) {
            if (item.alias() != null) {
                scope.alias(item.alias(), item.value());
            }
        }
        List<Item> items = items(select.items(), scope);
        StringBuilder sql = new StringBuilder(select.distinct() ? "SELECT DISTINCT " : "SELECT ");
        for (int i = 0; i < items.size(); i++) {
            sql.append(i == 0 ? "" : ", ").append(items.get(i).value().sql()).append(" AS c" + i);
        }
        sql.append(from);
        if (select.where() != null) {
            sql.append(" WHERE ").append(expressions(scope).condition(select.where()));
        }
        sql.append(grouping(select, items, scope));
        if (select.having() != null) {
            sql.append(" HAVING ").append(expressions(scope).condition(select.having()));
        }
        if (select.qualify() != null) {
            sql.append(" QUALIFY ").append(expressions(scope).condition(select.qualify()));
        }
        List<String> names = items.stream().map(Item::name).toList();
        for (int i = 0; i < order.size(); i++) {
            sql.append(i == 0 ? " ORDER BY " : ", ").append(orderItem(order.get(i), names, items.size(), scope));
        }
        List<Field> fields = new ArrayList<>();
        items.forEach(item -> fields.add(new Field(item.name(), item.value())));
        return new Bound(sql.append(limits).toString(), fields);
    }

    private List<Item> items(List<Query.SelectItem> items, Scope scope) {
        List<Item> result = new ArrayList<>();
        for (Query.SelectItem item : items) {
            if (item.value() instanceof Expression.Star star) {
                List<Field> fields = scope.all(star.qualifier());
                if (fields.isEmpty()) {
                    throw Failures.invalidIdentifier(star.qualifier() == null ? "*" : star.qualifier() + ".*");
                }
                for (Field field : fields) {
                    if (!star.excluded().contains(field.name())) {
                        result.add(new Item(field.name(), field.value()));
                    }
                }
            } else {
                result.add(new Item(name(item), expressions(scope).bind(item.value())));
            }
        }
        return result;
    }

    private static String name(Query.SelectItem item) {
        if (item.alias() != null) {
            return item.alias();
        }
        return item.value() instanceof Expression.Column column
                ? column.name().last()
                : item.text().toUpperCase(Locale.ROOT);
    }

    private String grouping(Query.Select select, List<Item> items, Scope scope) {
        if (select.groupByAll()) {
            return " GROUP BY ALL";
        }
        List<String> texts = new ArrayList<>();
        for (Expression expression : select.groupBy()) {
            texts.add(
                    expression instanceof Expression.NumberLiteral literal
                            ? items.get(ordinal(literal, items.size()) - 1)
                                    .value()
                                    .sql()
                            : expressions(scope).bind(expression).sql());
        }
        return texts.isEmpty() ? "" : " GROUP BY " + String.join(", ", texts);
    }

    private static int ordinal(Expression.NumberLiteral literal, int columns) {
        if (!literal.text().matches("\\d{1,6}")
                || Integer.parseInt(literal.text()) > columns
                || Integer.parseInt(literal.text()) < 1) {
            throw new SqlFailure(
                    "000108",
                    "22023",
                    "SQL compilation error:\nPosition " + literal.text() + " is not in the select list");
        }
        return Integer.parseInt(literal.text());
    }

    /** An output column by its name or place, which comes first here, else any expression. Nulls are the greatest. */
    private String orderItem(Expression.OrderItem item, List<String> names, int columns, Scope scope) {
        String value;
        if (item.value() instanceof Expression.NumberLiteral literal) {
            value = String.valueOf(ordinal(literal, columns));
        } else if (item.value() instanceof Expression.Column column
                && column.name().parts().size() == 1
                && names.indexOf(column.name().last()) >= 0) {
            value = String.valueOf(names.indexOf(column.name().last()) + 1);
        } else {
            value = expressions(scope).sortKey(item.value());
        }
        return value + ExpressionBinder.direction(item);
    }
}
