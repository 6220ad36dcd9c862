package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.sql.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The functions there are: a name that is not in this list reaches DuckDB under no circumstances. */
final class Functions {

    private record Definition(int least, int most, boolean aggregate, Function<Arguments, Typed> translation) {}

    private static final Map<String, Definition> ALL = new HashMap<>();

    static {
        TextFunctions.register();
        JsonFunctions.register();
        TimeFunctions.register();
        Aggregates.register();
        GeneralFunctions.register();
    }

    private Functions() {}

    static void scalar(String names, int least, int most, Function<Arguments, Typed> translation) {
        register(names, new Definition(least, most, false, translation));
    }

    /** Functions over groups or windows; their translation takes {@link Arguments#over} along. */
    static void aggregate(String names, int least, int most, Function<Arguments, Typed> translation) {
        register(names, new Definition(least, most, true, translation));
    }

    private static void register(String names, Definition definition) {
        for (String name : names.split(" ", -1)) {
            ALL.put(name, definition);
        }
    }

    static Typed call(Expression.Call call, ExpressionBinder binder) {
        Definition definition = ALL.get(call.name());
        if (definition == null) {
            throw new SqlFailure("002140", "42601", "SQL compilation error:\nUnknown function " + call.name());
        }
        int given = call.arguments().size();
        if (given < definition.least()
                || given > definition.most()
                || !call.named().isEmpty()) {
            throw new SqlFailure(
                    "000938",
                    "22023",
                    "SQL compilation error:\nwrong number of arguments for function [" + call.name() + "] expected "
                            + definition.least() + ", got " + given);
        }
        boolean group = call.over() != null || call.distinct() || !call.order().isEmpty();
        if (group && !definition.aggregate()) {
            throw Failures.unsupported("DISTINCT, WITHIN GROUP or OVER with " + call.name());
        }
        return definition.translation().apply(new Arguments(call, binder));
    }

    /** The arguments of one call, converted as its translation asks for them. */
    static final class Arguments {
        private final Expression.Call call;
        private final ExpressionBinder binder;
        private final Map<Integer, Typed> bound = new HashMap<>();

        Arguments(Expression.Call call, ExpressionBinder binder) {
            this.call = call;
            this.binder = binder;
        }

        int size() {
            return call.arguments().size();
        }

        Expression raw(int index) {
            return call.arguments().get(index);
        }

        Environment environment() {
            return binder.environment();
        }

        Typed get(int index) {
            return bound.computeIfAbsent(index, i -> binder.bind(raw(i)));
        }

        List<Typed> all() {
            List<Typed> values = new ArrayList<>();
            for (int i = 0; i < size(); i++) {
                values.add(get(i));
            }
            return values;
        }

        String text(int index) {
            return Casts.text(get(index)).sql();
        }

        String variant(int index) {
            return Casts.variant(get(index)).sql();
        }

        String integer(int index) {
            return "CAST(" + number(index).sql() + " AS BIGINT)";
        }

        Typed number(int index) {
            Typed value = get(index);
            return Types.numeric(value.type()) && !value.isNull() ? value : Casts.cast(value, Types.REAL, false);
        }

        boolean exact(int index) {
            return get(index).kind() == Kind.FIXED;
        }

        boolean boundColumn(int index) {
            return raw(index) instanceof Expression.Column;
        }

        /** A text that must be written out, such as the part of a date, which may also stand without quotes. */
        String constant(int index) {
            if (raw(index) instanceof Expression.StringLiteral literal) {
                return literal.value();
            }
            if (raw(index) instanceof Expression.Column column
                    && column.name().parts().size() == 1) {
                return column.name().last();
            }
            throw Failures.unsupported(call.name() + " without a constant as argument " + (index + 1));
        }

        String name() {
            return call.name();
        }

        String distinct() {
            return call.distinct() ? "DISTINCT " : "";
        }

        boolean ignoreNulls() {
            return call.ignoreNulls();
        }

        /** ORDER BY of a WITHIN GROUP, with a blank before it. */
        String within() {
            return call.order().isEmpty() ? "" : " ORDER BY " + binder.order(call.order());
        }

        String over() {
            return binder.over(call.over());
        }

        boolean windowed() {
            return call.over() != null;
        }

        SqlFailure mismatch() {
            List<String> types = new ArrayList<>();
            all().forEach(value -> types.add(Types.shown(value.type())));
            return Failures.invalidTypes(call.name(), String.join(", ", types));
        }
    }
}
