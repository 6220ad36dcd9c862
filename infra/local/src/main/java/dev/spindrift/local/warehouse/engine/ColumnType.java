package dev.spindrift.local.warehouse.engine;

/**
 * A column's logical type, as Snowflake reports it.
 *
 * @param precision of FIXED; 0 elsewhere
 * @param scale of FIXED, TIME and the timestamps; 0 elsewhere
 * @param length most characters of TEXT, bytes of BINARY, or elements of VECTOR; 0 elsewhere
 * @param integers whether a VECTOR holds INT instead of FLOAT
 */
public record ColumnType(Kind kind, int precision, int scale, int length, boolean integers) {

    /** Snowflake's logical types; lower case is their name on the wire. */
    public enum Kind {
        FIXED,
        REAL,
        TEXT,
        BOOLEAN,
        DATE,
        TIME,
        TIMESTAMP_NTZ,
        TIMESTAMP_LTZ,
        TIMESTAMP_TZ,
        BINARY,
        VARIANT,
        OBJECT,
        ARRAY,
        VECTOR
    }
}
