package dev.spindrift.local.warehouse.engine;

/**
 * DuckDB text of a value, and its Snowflake type.
 *
 * @param sql complete in itself: it can stand as an operand without further parentheses
 */
record Typed(String sql, ColumnType type, boolean nullable) {

    static final Typed NULL = new Typed("NULL", Types.NULL, true);

    Typed(String sql, ColumnType type) {
        this(sql, type, true);
    }

    boolean isNull() {
        return type.equals(Types.NULL);
    }

    ColumnType.Kind kind() {
        return type.kind();
    }

    static Typed number(String sql) {
        return new Typed(sql, Types.NUMBER);
    }

    static Typed real(String sql) {
        return new Typed(sql, Types.REAL);
    }

    static Typed text(String sql) {
        return new Typed(sql, Types.TEXT);
    }

    static Typed bool(String sql) {
        return new Typed(sql, Types.BOOLEAN);
    }

    static Typed variant(String sql) {
        return new Typed(sql, Types.VARIANT);
    }

    /** An ARRAY from DuckDB text that gives a JSON array or NULL. */
    static Typed arrayOfJson(String json) {
        return new Typed(
                        "CASE WHEN " + json + " IS NOT NULL THEN {'n': CAST(NULL AS DOUBLE[]), 'j': " + json + "} END",
                        Types.ARRAY)
                .enclosed();
    }

    Typed enclosed() {
        return new Typed("(" + sql + ")", type, nullable);
    }

    Typed as(ColumnType other) {
        return new Typed(sql, other, nullable);
    }
}
