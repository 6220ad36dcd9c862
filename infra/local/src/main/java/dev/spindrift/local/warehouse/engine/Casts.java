package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;

/** Conversions between Snowflake's types, written in DuckDB's. */
final class Casts {
    private static final String NTZ_FORMAT = "'%Y-%m-%d %H:%M:%S.%g'";

    private Casts() {}

    /** {@code CAST} or {@code TRY_CAST}. */
    static Typed cast(Typed value, ColumnType to, boolean tryCast) {
        if (value.isNull()) {
            // Whatever gives the null: a column of nulls has a type in DuckDB, which may not convert.
            return new Typed("CAST(NULL AS " + Types.physical(to) + ")", to);
        }
        return switch (to.kind()) {
            case VARIANT -> variant(value);
            case OBJECT -> object(value);
            case ARRAY -> array(value);
            case VECTOR -> vector(value, to);
            case TEXT -> limited(text(value), to);
            case BINARY -> binary(value);
            case TIMESTAMP_TZ -> zoned(value);
            default -> scalar(value, to, tryCast);
        };
    }

    /**
     * The value as a column takes it on INSERT or UPDATE: what Snowflake converts by itself and no more; a text that is
     * too long is an error here, not cut.
     */
    static Typed assign(Typed value, String column, ColumnType to) {
        if (!value.isNull() && !assignable(value.type(), to)) {
            throw Failures.typeMismatch(column, to, value.type());
        }
        if (to.kind() != Kind.TEXT || value.isNull() || to.length() >= Types.MAX_TEXT) {
            return cast(value, to, false);
        }
        if (value.kind() == Kind.TEXT && value.type().length() <= to.length()) {
            return value;
        }
        String text = text(value).sql();
        String message = "'String ''' || left(" + text + ", 40) || ''' is too long and would be truncated'";
        String sql = "(CASE WHEN length(" + text + ") > " + to.length() + " THEN "
                + Failures.raise("100078", "22000", message) + " ELSE " + text + " END)";
        return new Typed(sql, to);
    }

    private static boolean assignable(ColumnType from, ColumnType to) {
        if (to.kind() == Kind.VECTOR) {
            return from.equals(to);
        }
        if (from.kind() == Kind.VECTOR) {
            return to.kind() == Kind.ARRAY;
        }
        boolean text = from.kind() == Kind.TEXT;
        return !(text && Types.semiStructured(to)) && !(to.kind() == Kind.BINARY && from.kind() != Kind.BINARY);
    }

    static Typed variant(Typed value) {
        return switch (value.kind()) {
            case VARIANT, OBJECT -> value.as(Types.VARIANT);
            case ARRAY -> Typed.variant(json(value));
            case VECTOR -> throw Failures.invalidCast(value.type(), Types.VARIANT);
            case FIXED -> Typed.variant("CAST(CAST(" + value.sql() + " AS VARCHAR) AS JSON)");
            case REAL, BOOLEAN -> Typed.variant("to_json(" + value.sql() + ")");
            default ->
                Typed.variant(
                        value.isNull()
                                ? "CAST(NULL AS JSON)"
                                : "to_json(" + text(value).sql() + ")");
        };
    }

    /** The JSON text of an array. */
    private static String json(Typed array) {
        String sql = array.sql();
        return "coalesce((" + sql + ").j, to_json((" + sql + ").n))";
    }

    private static Typed object(Typed value) {
        if (value.kind() != Kind.VARIANT && value.kind() != Kind.OBJECT) {
            throw Failures.invalidCast(value.type(), Types.OBJECT);
        }
        return value.as(Types.OBJECT);
    }

    private static Typed array(Typed value) {
        return switch (value.kind()) {
            case ARRAY -> value;
            case VECTOR ->
                value.type().integers()
                        ? Typed.arrayOfJson("to_json(" + value.sql() + ")")
                        : new Typed(
                                "(CASE WHEN " + value.sql() + " IS NOT NULL THEN {'n': CAST(" + value.sql()
                                        + " AS DOUBLE[]), 'j': CAST(NULL AS JSON)} END)",
                                Types.ARRAY);
            case VARIANT -> {
                String json = value.sql();
                yield Typed.arrayOfJson("(CASE coalesce(json_type(" + json + "), 'NULL') WHEN 'ARRAY' THEN " + json
                        + " WHEN 'NULL' THEN NULL ELSE json_array(" + json + ") END)");
            }
            default -> Typed.arrayOfJson("json_array(" + variant(value).sql() + ")");
        };
    }

    private static Typed vector(Typed value, ColumnType to) {
        String physical = Types.physical(to);
        String list = to.integers() ? "INTEGER[]" : "FLOAT[]";
        return switch (value.kind()) {
            case VECTOR -> {
                if (value.type().length() != to.length()) {
                    throw Failures.invalidCast(value.type(), to);
                }
                yield new Typed("CAST(" + value.sql() + " AS " + physical + ")", to);
            }
            case ARRAY ->
                new Typed(
                        "coalesce(CAST((" + value.sql() + ").n AS " + physical + "), CAST(CAST((" + value.sql()
                                + ").j AS " + list + ") AS " + physical + "))",
                        to);
            case VARIANT -> new Typed("CAST(CAST(" + value.sql() + " AS " + list + ") AS " + physical + ")", to);
            default -> throw Failures.invalidCast(value.type(), to);
        };
    }

    static Typed text(Typed value) {
        String sql = value.sql();
        return switch (value.kind()) {
            case TEXT -> value.isNull() ? Typed.text("CAST(NULL AS VARCHAR)") : value;
            case VARIANT, OBJECT -> Typed.text("(" + sql + " ->> '$')");
            case ARRAY -> Typed.text("CAST(" + json(value) + " AS VARCHAR)");
            case VECTOR -> Typed.text("CAST(to_json(" + sql + ") AS VARCHAR)");
            case BINARY -> Typed.text("hex(" + sql + ")");
            case REAL -> Typed.text("regexp_replace(CAST(" + sql + " AS VARCHAR), '\\.0$', '')");
            case TIMESTAMP_NTZ -> Typed.text("strftime(" + sql + ", " + NTZ_FORMAT + ")");
            case TIMESTAMP_LTZ -> Typed.text("strftime(" + sql + ", '%Y-%m-%d %H:%M:%S.%g %z')");
            case TIMESTAMP_TZ ->
                Typed.text("strftime(" + local(sql) + ", " + NTZ_FORMAT + ") || printf(' %s%02d%02d', "
                                + "CASE WHEN (" + sql + ").minutes < 0 THEN '-' ELSE '+' END, abs((" + sql
                                + ").minutes) // 60, abs((" + sql + ").minutes) % 60)")
                        .enclosed();
            default -> Typed.text("CAST(" + sql + " AS VARCHAR)");
        };
    }

    /** The wall clock of a TIMESTAMP_TZ. */
    private static String local(String sql) {
        return "((" + sql + ").utc + to_minutes((" + sql + ").minutes))";
    }

    private static Typed limited(Typed text, ColumnType to) {
        boolean fits = to.length() >= text.type().length();
        return new Typed(fits ? text.sql() : "left(" + text.sql() + ", " + to.length() + ")", to);
    }

    private static Typed binary(Typed value) {
        return switch (value.kind()) {
            case BINARY -> value;
            case TEXT -> new Typed("unhex(" + value.sql() + ")", Types.BINARY);
            case VARIANT -> new Typed("unhex(" + text(value).sql() + ")", Types.BINARY);
            default -> throw Failures.invalidCast(value.type(), Types.BINARY);
        };
    }

    private static Typed zoned(Typed value) {
        String sql = value.sql();
        String offset = "0";
        String utc = switch (value.kind()) {
            case TIMESTAMP_TZ -> "";
            case TIMESTAMP_NTZ, DATE -> "CAST(" + sql + " AS TIMESTAMP)";
            case TIMESTAMP_LTZ -> "(" + sql + " AT TIME ZONE 'UTC')";
            case TEXT, VARIANT -> "(CAST(" + withOffset(text(value).sql()) + " AS TIMESTAMPTZ) AT TIME ZONE 'UTC')";
            default -> throw Failures.invalidCast(value.type(), Types.TZ);
        };
        if (value.kind() == Kind.TIMESTAMP_TZ) {
            return value;
        }
        if (value.kind() == Kind.TEXT || value.kind() == Kind.VARIANT) {
            String text = text(value).sql();
            String sign = "CASE WHEN regexp_matches(" + text + ", '-\\d\\d:?\\d\\d$') THEN -1 ELSE 1 END";
            String part = "coalesce(TRY_CAST(regexp_extract(" + text
                    + ", ':\\d+[.\\d]* ?[+-](\\d\\d):?(\\d\\d)$', %d) AS" + " INTEGER), 0)";
            offset = "(" + sign + ") * (60 * " + part.formatted(1) + " + " + part.formatted(2) + ")";
        }
        return new Typed(
                "(CASE WHEN " + sql + " IS NOT NULL THEN {'utc': " + utc + ", 'minutes': CAST(" + offset
                        + " AS INTEGER)} END)",
                Types.TZ);
    }

    /** An offset as DuckDB reads it: without a blank before it and with a colon in it. */
    private static String withOffset(String text) {
        return "CASE WHEN NOT contains(" + text + ", ':') THEN " + text + " ELSE regexp_replace(" + text
                + ", ' ?([+-]\\d\\d):?(\\d\\d)$', '\\1:\\2') END";
    }

    private static Typed scalar(Typed value, ColumnType to, boolean tryCast) {
        String keyword = tryCast ? "TRY_CAST(" : "CAST(";
        String physical = Types.physical(to);
        boolean same = value.type().equals(to) && value.kind() != Kind.FIXED;
        if (same) {
            return value;
        }
        String sql = switch (value.kind()) {
            case VARIANT -> text(value).sql();
            case OBJECT, ARRAY, VECTOR, BINARY -> throw Failures.invalidCast(value.type(), to);
            case TIMESTAMP_TZ ->
                to.kind() == Kind.TIMESTAMP_LTZ ? "((" + value.sql() + ").utc AT TIME ZONE 'UTC')" : local(value.sql());
            default -> value.sql();
        };
        boolean textual = value.kind() == Kind.TEXT || value.kind() == Kind.VARIANT;
        if (textual && to.kind() == Kind.TIMESTAMP_LTZ) {
            sql = withOffset(sql);
        }
        if (Types.numeric(value.type()) && Types.timestamp(to)) {
            sql = "epoch_ms(CAST(" + sql + " * 1000 AS BIGINT))";
        } else if (Types.numeric(value.type()) && (to.kind() == Kind.DATE || to.kind() == Kind.TIME)) {
            throw Failures.invalidCast(value.type(), to);
        }
        return new Typed(keyword + sql + " AS " + physical + ")", to);
    }
}
