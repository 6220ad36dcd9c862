package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.engine.Functions.Arguments;
import dev.spindrift.local.warehouse.sql.Expression;

/** Functions over groups and windows. */
final class Aggregates {
    private Aggregates() {}

    static void register() {
        Functions.aggregate("COUNT", 1, 100, Aggregates::count);
        Functions.aggregate(
                "COUNT_IF",
                1,
                1,
                a -> Typed.number(
                        "count_if(" + Casts.cast(a.get(0), Types.BOOLEAN, false).sql() + ")" + a.over()));
        Functions.aggregate(
                "APPROX_COUNT_DISTINCT HLL",
                1,
                1,
                a -> Typed.number("count(DISTINCT " + a.get(0).sql() + ")" + a.over()));
        Functions.aggregate("SUM", 1, 1, Aggregates::sum);
        Functions.aggregate("AVG", 1, 1, Aggregates::average);
        Functions.aggregate("MIN", 1, 1, a -> same("min", a));
        Functions.aggregate("MAX", 1, 1, a -> same("max", a));
        Functions.aggregate("ANY_VALUE", 1, 1, a -> same("any_value", a));
        Functions.aggregate("MODE", 1, 1, a -> same("mode", a));
        Functions.aggregate(
                "MEDIAN", 1, 1, a -> Typed.real("median(" + a.number(0).sql() + ")" + a.over()));
        Functions.aggregate("STDDEV STDDEV_SAMP", 1, 1, a -> real("stddev_samp", a));
        Functions.aggregate("STDDEV_POP", 1, 1, a -> real("stddev_pop", a));
        Functions.aggregate("VARIANCE VAR_SAMP", 1, 1, a -> real("var_samp", a));
        Functions.aggregate("VAR_POP", 1, 1, a -> real("var_pop", a));
        Functions.aggregate("MIN_BY", 2, 2, a -> by("arg_min", a));
        Functions.aggregate("MAX_BY", 2, 2, a -> by("arg_max", a));
        Functions.aggregate(
                "BOOLAND_AGG", 1, 1, a -> Typed.bool("bool_and(" + a.get(0).sql() + ")" + a.over()));
        Functions.aggregate(
                "BOOLOR_AGG", 1, 1, a -> Typed.bool("bool_or(" + a.get(0).sql() + ")" + a.over()));
        Functions.aggregate(
                "LISTAGG",
                1,
                2,
                a -> Typed.text("coalesce(string_agg(" + a.distinct() + a.text(0) + ", "
                        + (a.size() > 1 ? a.text(1) : "''") + a.within() + ")" + a.over() + ", '')"));
        Functions.aggregate("ARRAY_AGG", 1, 1, Aggregates::arrayAgg);
        Functions.aggregate(
                "OBJECT_AGG",
                2,
                2,
                a -> new Typed("json_group_object(" + a.text(0) + ", " + a.variant(1) + ")" + a.over(), Types.OBJECT));
        for (String name : new String[] {"ROW_NUMBER", "RANK", "DENSE_RANK"}) {
            Functions.aggregate(
                    name,
                    0,
                    0,
                    a -> Typed.number(windowed(a).name().toLowerCase(java.util.Locale.ROOT) + "()" + a.over()));
        }
        Functions.aggregate(
                "PERCENT_RANK",
                0,
                0,
                a -> Typed.real("percent_rank()" + windowed(a).over()));
        Functions.aggregate(
                "CUME_DIST", 0, 0, a -> Typed.real("cume_dist()" + windowed(a).over()));
        Functions.aggregate(
                "NTILE",
                1,
                1,
                a -> Typed.number("ntile(" + a.integer(0) + ")" + windowed(a).over()));
        Functions.aggregate("LAG", 1, 3, a -> neighbour("lag", a));
        Functions.aggregate("LEAD", 1, 3, a -> neighbour("lead", a));
        Functions.aggregate("FIRST_VALUE", 1, 1, a -> ofWindow("first_value", a));
        Functions.aggregate("LAST_VALUE", 1, 1, a -> ofWindow("last_value", a));
    }

    private static Arguments windowed(Arguments a) {
        if (!a.windowed()) {
            throw new SqlFailure(
                    "002303",
                    "42601",
                    "SQL compilation error:\nWindow function [" + a.name() + "] requires an OVER clause");
        }
        return a;
    }

    private static Typed count(Arguments a) {
        if (a.raw(0) instanceof Expression.Star) {
            return new Typed("count(*)" + a.over(), Types.fixed(18, 0), false);
        }
        String sql = "count(" + a.distinct();
        if (a.size() == 1) {
            return new Typed(sql + a.get(0).sql() + ")" + a.over(), Types.fixed(18, 0), false);
        }
        StringBuilder row = new StringBuilder();
        StringBuilder known = new StringBuilder();
        for (int i = 0; i < a.size(); i++) {
            row.append(i == 0 ? "" : ", ").append(a.get(i).sql());
            known.append(i == 0 ? "" : " AND ").append(a.get(i).sql()).append(" IS NOT NULL");
        }
        return new Typed(
                sql + "CASE WHEN " + known + " THEN row(" + row + ") END)" + a.over(), Types.fixed(18, 0), false);
    }

    private static Typed sum(Arguments a) {
        Typed value = a.number(0);
        String sql = "sum(" + a.distinct() + value.sql() + ")" + a.over();
        return value.kind() == Kind.FIXED
                ? new Typed(sql, Types.fixed(38, value.type().scale()))
                : Typed.real(sql);
    }

    private static Typed average(Arguments a) {
        Typed value = a.number(0);
        String sql = "avg(" + a.distinct() + value.sql() + ")" + a.over();
        if (value.kind() != Kind.FIXED) {
            return Typed.real(sql);
        }
        ColumnType type = Types.fixed(38, Math.min(12, value.type().scale() + 6));
        return new Typed("CAST(" + sql + " AS " + Types.physical(type) + ")", type);
    }

    private static Typed same(String function, Arguments a) {
        return new Typed(
                function + "(" + a.get(0).sql() + ")" + a.over(), a.get(0).type());
    }

    private static Typed by(String function, Arguments a) {
        return new Typed(
                function + "(" + a.get(0).sql() + ", " + a.get(1).sql() + ")" + a.over(),
                a.get(0).type());
    }

    private static Typed real(String function, Arguments a) {
        return Typed.real(function + "(" + a.distinct() + a.number(0).sql() + ")" + a.over());
    }

    private static Typed ofWindow(String function, Arguments a) {
        String nulls = a.ignoreNulls() ? " IGNORE NULLS" : "";
        return new Typed(
                function + "(" + a.get(0).sql() + nulls + ")" + windowed(a).over(),
                a.get(0).type());
    }

    private static Typed neighbour(String function, Arguments a) {
        StringBuilder sql = new StringBuilder(function + "(" + a.get(0).sql());
        sql.append(a.size() > 1 ? ", " + a.integer(1) : "");
        sql.append(
                a.size() > 2
                        ? ", " + Casts.cast(a.get(2), a.get(0).type(), false).sql()
                        : "");
        sql.append(a.ignoreNulls() ? " IGNORE NULLS)" : ")");
        return new Typed(sql + windowed(a).over(), a.get(0).type());
    }

    /** Without nulls; no rows give an empty array. */
    private static Typed arrayAgg(Arguments a) {
        String value = a.variant(0);
        String list = "list(" + a.distinct() + value + a.within() + ") FILTER ("
                + a.get(0).sql() + " IS NOT NULL)" + a.over();
        return new Typed(
                "{'n': CAST(NULL AS DOUBLE[]), 'j': coalesce(to_json(" + list + "), CAST('[]' AS JSON))}", Types.ARRAY);
    }
}
