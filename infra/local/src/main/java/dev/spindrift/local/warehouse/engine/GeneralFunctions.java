package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.engine.Functions.Arguments;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions on conditions, numbers, vectors and the session. */
final class GeneralFunctions {
    private GeneralFunctions() {}

    static void register() {
        conditions();
        numbers();
        conversions();
        vectors();
        session();
    }

    private static void conditions() {
        Functions.scalar("COALESCE NVL IFNULL", 1, 100, a -> unified("coalesce", a));
        Functions.scalar("NVL2", 3, 3, a -> choice(a.get(0).sql() + " IS NOT NULL", a.get(1), a.get(2)));
        Functions.scalar(
                "IFF",
                3,
                3,
                a -> choice(Casts.cast(a.get(0), Types.BOOLEAN, false).sql(), a.get(1), a.get(2)));
        Functions.scalar("NULLIF", 2, 2, GeneralFunctions::nullIf);
        Functions.scalar(
                "ZEROIFNULL",
                1,
                1,
                a -> new Typed(
                        "coalesce(" + a.number(0).sql() + ", 0)", a.number(0).type()));
        Functions.scalar(
                "NULLIFZERO",
                1,
                1,
                a -> new Typed(
                        "nullif(" + a.number(0).sql() + ", 0)", a.number(0).type()));
        Functions.scalar("GREATEST", 1, 100, a -> extreme("greatest", a));
        Functions.scalar("LEAST", 1, 100, a -> extreme("least", a));
        Functions.scalar("EQUAL_NULL", 2, 2, a -> {
            List<Typed> sides = ExpressionBinder.comparable(a.get(0), a.get(1));
            return Typed.bool("(" + sides.get(0).sql() + " IS NOT DISTINCT FROM "
                    + sides.get(1).sql() + ")");
        });
        Functions.scalar("DECODE", 3, 100, GeneralFunctions::decode);
        Functions.scalar("HASH", 1, 100, GeneralFunctions::hash);
    }

    private static void numbers() {
        Functions.scalar(
                "ABS",
                1,
                1,
                a -> new Typed("abs(" + a.number(0).sql() + ")", a.number(0).type()));
        Functions.scalar("SIGN", 1, 1, a -> Typed.number("sign(" + a.number(0).sql() + ")"));
        Functions.scalar("ROUND", 1, 2, GeneralFunctions::round);
        Functions.scalar("FLOOR", 1, 1, a -> whole("floor", a));
        Functions.scalar("CEIL CEILING", 1, 1, a -> whole("ceil", a));
        Functions.scalar("TRUNC TRUNCATE", 1, 1, a -> whole("trunc", a));
        Functions.scalar("MOD", 2, 2, a -> Arithmetic.bind("%", a.get(0), a.get(1)));
        Functions.scalar(
                "DIV0",
                2,
                2,
                a -> Typed.real("(CASE WHEN " + a.number(1).sql() + " = 0 THEN 0 ELSE CAST("
                        + a.number(0).sql() + " AS DOUBLE) / " + a.number(1).sql() + " END)"));
        for (String name : new String[] {"SQRT", "EXP", "LN", "SIN", "COS", "TAN", "RADIANS", "DEGREES"}) {
            Functions.scalar(
                    name,
                    1,
                    1,
                    a -> Typed.real(name.toLowerCase(Locale.ROOT) + "(CAST("
                            + a.number(0).sql() + " AS DOUBLE))"));
        }
        Functions.scalar("SQUARE", 1, 1, a -> Typed.real("pow(" + a.number(0).sql() + ", 2)"));
        Functions.scalar(
                "POWER POW",
                2,
                2,
                a -> Typed.real("pow(" + a.number(0).sql() + ", " + a.number(1).sql() + ")"));
        Functions.scalar("RANDOM", 0, 1, a -> Typed.number("(CAST(hash(random()) AS HUGEINT) - 9223372036854775808)"));
        Functions.scalar("UUID_STRING", 0, 0, a -> Typed.text("CAST(uuid() AS VARCHAR)"));
        Functions.scalar("SEQ1 SEQ2 SEQ4 SEQ8", 0, 1, a -> Typed.number("(row_number() OVER () - 1)"));
    }

    private static void conversions() {
        Functions.scalar("TO_CHAR TO_VARCHAR", 1, 2, GeneralFunctions::toText);
        Functions.scalar("TO_NUMBER TO_DECIMAL TO_NUMERIC", 1, 3, a -> Casts.cast(a.get(0), numberType(a), false));
        Functions.scalar("TRY_TO_NUMBER TRY_TO_DECIMAL", 1, 3, a -> Casts.cast(a.get(0), numberType(a), true));
        Functions.scalar("TO_DOUBLE", 1, 1, a -> Casts.cast(a.get(0), Types.REAL, false));
        Functions.scalar("TRY_TO_DOUBLE", 1, 1, a -> Casts.cast(a.get(0), Types.REAL, true));
        Functions.scalar("TO_BOOLEAN", 1, 1, a -> Casts.cast(a.get(0), Types.BOOLEAN, false));
        Functions.scalar("TRY_TO_BOOLEAN", 1, 1, a -> Casts.cast(a.get(0), Types.BOOLEAN, true));
        Functions.scalar("TO_BINARY", 1, 2, GeneralFunctions::toBinary);
    }

    private static void vectors() {
        Functions.scalar("VECTOR_COSINE_SIMILARITY", 2, 2, a -> vector("array_cosine_similarity(%s, %s)", a));
        Functions.scalar("VECTOR_INNER_PRODUCT", 2, 2, a -> vector("array_inner_product(%s, %s)", a));
        Functions.scalar("VECTOR_L2_DISTANCE", 2, 2, a -> vector("array_distance(%s, %s)", a));
        Functions.scalar(
                "VECTOR_L1_DISTANCE",
                2,
                2,
                a -> vector(
                        "list_sum(list_transform(list_zip(CAST(%s AS FLOAT[]), CAST(%s AS FLOAT[])), lambda p: abs(p[1] - p[2])))",
                        a));
    }

    private static void session() {
        for (String what : new String[] {"DATABASE", "SCHEMA", "WAREHOUSE", "ROLE", "USER", "SESSION", "TRANSACTION"}) {
            Functions.scalar(
                    "CURRENT_" + what, 0, 0, a -> constant(a.environment().current(what)));
        }
        Functions.scalar("CURRENT_ACCOUNT", 0, 0, a -> Typed.text("'LOCAL'"));
        Functions.scalar("CURRENT_REGION", 0, 0, a -> Typed.text("'LOCAL'"));
        Functions.scalar("CURRENT_VERSION", 0, 0, a -> Typed.text("'" + DuckDbEngine.VERSION + "'"));
        Functions.scalar("LAST_QUERY_ID", 0, 1, a -> {
            int distance = a.size() == 0 ? 1 : new BigDecimal(a.get(0).sql().replaceAll("[^0-9]", "0")).intValue();
            return constant(a.environment().earlierQuery(Math.max(1, distance)));
        });
    }

    private static Typed constant(@Nullable String value) {
        return value == null ? Typed.text("CAST(NULL AS VARCHAR)") : Typed.text(Sql.string(value));
    }

    private static Typed unified(String function, Arguments a) {
        ColumnType type = ExpressionBinder.common(a.all());
        List<String> values = new ArrayList<>();
        a.all().forEach(value -> values.add(ExpressionBinder.unified(value, type)));
        return new Typed(function + "(" + String.join(", ", values) + ")", type);
    }

    /** NULL if one is NULL, unlike DuckDB. */
    private static Typed extreme(String function, Arguments a) {
        Typed value = unified(function, a);
        List<String> nulls = new ArrayList<>();
        a.all().forEach(each -> nulls.add(each.sql() + " IS NULL"));
        return new Typed(
                "(CASE WHEN " + String.join(" OR ", nulls) + " THEN NULL ELSE " + value.sql() + " END)", value.type());
    }

    private static Typed choice(String condition, Typed yes, Typed no) {
        ColumnType type = ExpressionBinder.common(yes, no);
        return new Typed(
                "(CASE WHEN " + condition + " THEN " + ExpressionBinder.unified(yes, type) + " ELSE "
                        + ExpressionBinder.unified(no, type) + " END)",
                type);
    }

    private static Typed nullIf(Arguments a) {
        List<Typed> sides = ExpressionBinder.comparable(a.get(0), a.get(1));
        return new Typed(
                "(CASE WHEN " + sides.get(0).sql() + " = " + sides.get(1).sql() + " THEN NULL ELSE "
                        + a.get(0).sql() + " END)",
                a.get(0).type());
    }

    private static Typed decode(Arguments a) {
        List<Typed> results = new ArrayList<>();
        for (int i = 2; i < a.size(); i += 2) {
            results.add(a.get(i));
        }
        boolean otherwise = a.size() % 2 == 0;
        if (otherwise) {
            results.add(a.get(a.size() - 1));
        }
        ColumnType type = ExpressionBinder.common(results);
        StringBuilder sql = new StringBuilder("(CASE");
        for (int i = 1; i + 1 < a.size(); i += 2) {
            List<Typed> sides = ExpressionBinder.comparable(a.get(0), a.get(i));
            sql.append(" WHEN " + sides.get(0).sql() + " IS NOT DISTINCT FROM "
                            + sides.get(1).sql() + " THEN ")
                    .append(ExpressionBinder.unified(a.get(i + 1), type));
        }
        sql.append(otherwise ? " ELSE " + ExpressionBinder.unified(a.get(a.size() - 1), type) : "");
        return new Typed(sql.append(" END)").toString(), type);
    }

    /** Stable, but not Snowflake's numbers. */
    private static Typed hash(Arguments a) {
        StringBuilder row = new StringBuilder();
        for (Typed value : a.all()) {
            row.append(row.isEmpty() ? "" : ", ").append(value.sql());
        }
        return Typed.number("(CAST(hash(" + row + ") AS HUGEINT) - 9223372036854775808)");
    }

    private static Typed round(Arguments a) {
        Typed value = a.number(0);
        String digits = a.size() > 1 ? ", CAST(" + a.integer(1) + " AS INTEGER)" : "";
        return new Typed("round(" + value.sql() + digits + ")", value.kind() == Kind.FIXED ? Types.NUMBER : Types.REAL);
    }

    private static Typed whole(String function, Arguments a) {
        Typed value = a.number(0);
        return new Typed(function + "(" + value.sql() + ")", value.kind() == Kind.FIXED ? Types.NUMBER : Types.REAL);
    }

    private static Typed toText(Arguments a) {
        if (a.size() == 1) {
            return Casts.text(a.get(0));
        }
        Typed value = a.get(0);
        if (value.kind() == Kind.BINARY) {
            return a.constant(1).equalsIgnoreCase("UTF-8")
                    ? Typed.text("decode(" + value.sql() + ")")
                    : Casts.text(value);
        }
        if (value.kind() != Kind.DATE && !Types.timestamp(value.type())) {
            throw Failures.unsupported("TO_CHAR with a format for " + Types.shown(value.type()));
        }
        Typed time = value.kind() == Kind.TIMESTAMP_TZ ? Casts.cast(value, Types.NTZ, false) : value;
        return Typed.text("strftime(" + time.sql() + ", " + Sql.string(TimeFunctions.format(a.constant(1))) + ")");
    }

    private static ColumnType numberType(Arguments a) {
        int precision = a.size() > 1 ? digits(a, 1) : 38;
        int scale = a.size() > 2 ? digits(a, 2) : 0;
        return Types.fixed(precision, scale);
    }

    private static int digits(Arguments a, int index) {
        String text = a.get(index).sql();
        if (!text.matches("\\d{1,2}") || Integer.parseInt(text) > 38) {
            throw Failures.unsupported(a.name() + " with a format");
        }
        return Integer.parseInt(text);
    }

    private static Typed toBinary(Arguments a) {
        String format = a.size() > 1 ? a.constant(1).toUpperCase(Locale.ROOT) : "HEX";
        return switch (format) {
            case "HEX" -> new Typed("unhex(" + a.text(0) + ")", Types.BINARY);
            case "UTF-8" -> new Typed("encode(" + a.text(0) + ")", Types.BINARY);
            case "BASE64" -> new Typed("from_base64(" + a.text(0) + ")", Types.BINARY);
            default -> throw Failures.unsupported("TO_BINARY with format " + format);
        };
    }

    private static Typed vector(String template, Arguments a) {
        Typed left = a.get(0);
        Typed right = a.get(1);
        if (left.kind() != Kind.VECTOR || !left.type().equals(right.type())) {
            throw a.mismatch();
        }
        String floats = "CAST(%s AS FLOAT[" + left.type().length() + "])";
        return Typed.real("CAST(" + template.formatted(floats.formatted(left.sql()), floats.formatted(right.sql()))
                + " AS DOUBLE)");
    }
}
