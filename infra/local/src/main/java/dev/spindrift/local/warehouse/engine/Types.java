package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.sql.TypeName;
import java.util.List;

/**
 * Snowflake's types, and how DuckDB stores each. No two kinds share a DuckDB type, except VARIANT and OBJECT.
 *
 * <p>VARIANT and OBJECT are JSON text, since that alone keeps JSON null apart from SQL NULL and numbers exact. ARRAY is
 * a struct of which one field is set: {@code n} holds a list of numbers as read from Parquet, which casts to VECTOR many
 * times faster than JSON does, and {@code j} any other array as JSON.
 */
final class Types {
    static final int MAX_TEXT = 16_777_216;
    static final int MAX_VECTOR = 4096;

    static final ColumnType NUMBER = fixed(38, 0);
    static final ColumnType REAL = of(Kind.REAL);
    static final ColumnType TEXT = new ColumnType(Kind.TEXT, 0, 0, MAX_TEXT, false);

    /** Of a value that is nothing but NULL, and so fits everywhere: a text without length. */
    static final ColumnType NULL = new ColumnType(Kind.TEXT, 0, 0, 0, false);

    static final ColumnType BOOLEAN = of(Kind.BOOLEAN);
    static final ColumnType DATE = of(Kind.DATE);
    static final ColumnType TIME = new ColumnType(Kind.TIME, 0, 9, 0, false);
    static final ColumnType NTZ = new ColumnType(Kind.TIMESTAMP_NTZ, 0, 9, 0, false);
    static final ColumnType LTZ = new ColumnType(Kind.TIMESTAMP_LTZ, 0, 9, 0, false);
    static final ColumnType TZ = new ColumnType(Kind.TIMESTAMP_TZ, 0, 9, 0, false);
    static final ColumnType BINARY = new ColumnType(Kind.BINARY, 0, 0, 8_388_608, false);
    static final ColumnType VARIANT = of(Kind.VARIANT);
    static final ColumnType OBJECT = of(Kind.OBJECT);
    static final ColumnType ARRAY = of(Kind.ARRAY);

    private Types() {}

    private static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0, 0, 0, false);
    }

    static ColumnType fixed(int precision, int scale) {
        return new ColumnType(Kind.FIXED, precision, scale, 0, false);
    }

    static ColumnType vector(int length, boolean integers) {
        return new ColumnType(Kind.VECTOR, 0, 0, length, integers);
    }

    static ColumnType parse(TypeName name) {
        List<String> arguments = name.arguments();
        return switch (name.name()) {
            case "NUMBER", "DECIMAL", "NUMERIC", "DEC" -> number(name);
            case "INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT" -> NUMBER;
            case "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "REAL" -> REAL;
            case "VARCHAR", "STRING", "TEXT", "NVARCHAR" -> text(name, MAX_TEXT);
            case "CHAR", "CHARACTER", "NCHAR" -> text(name, 1);
            case "BOOLEAN" -> BOOLEAN;
            case "DATE" -> DATE;
            case "TIME" -> TIME;
            case "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMPNTZ", "DATETIME" -> NTZ;
            case "TIMESTAMP_LTZ", "TIMESTAMPLTZ" -> LTZ;
            case "TIMESTAMP_TZ", "TIMESTAMPTZ" -> TZ;
            case "BINARY", "VARBINARY" -> BINARY;
            case "VARIANT" -> VARIANT;
            case "OBJECT" -> unstructured(name, OBJECT);
            case "ARRAY" -> unstructured(name, ARRAY);
            case "VECTOR" -> {
                if (arguments.size() != 2) {
                    throw unsupported(name);
                }
                int length = integer(name, 1);
                if (length < 1 || length > MAX_VECTOR) {
                    throw unsupported(name);
                }
                yield vector(length, vectorOfIntegers(name));
            }
            default -> throw unsupported(name);
        };
    }

    private static ColumnType number(TypeName name) {
        int precision = name.arguments().isEmpty() ? 38 : integer(name, 0);
        int scale = name.arguments().size() < 2 ? 0 : integer(name, 1);
        if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
            throw unsupported(name);
        }
        return fixed(precision, scale);
    }

    private static ColumnType text(TypeName name, int standard) {
        int length = name.arguments().isEmpty() ? standard : integer(name, 0);
        return new ColumnType(Kind.TEXT, 0, 0, Math.min(length, MAX_TEXT), false);
    }

    private static ColumnType unstructured(TypeName name, ColumnType type) {
        if (!name.arguments().isEmpty()) {
            throw unsupported(name);
        }
        return type;
    }

    private static boolean vectorOfIntegers(TypeName name) {
        return switch (name.arguments().get(0)) {
            case "FLOAT", "FLOAT4", "FLOAT8", "REAL", "DOUBLE" -> false;
            case "INT", "INTEGER" -> true;
            default -> throw unsupported(name);
        };
    }

    private static int integer(TypeName name, int argument) {
        try {
            return Integer.parseInt(name.arguments().get(argument));
        } catch (NumberFormatException e) {
            throw unsupported(name);
        }
    }

    private static SqlFailure unsupported(TypeName name) {
        return new SqlFailure("002040", "42601", "SQL compilation error:\nUnsupported data type '" + name + "'.");
    }

    /** The DuckDB type that stores it. */
    static String physical(ColumnType type) {
        return switch (type.kind()) {
            case FIXED -> "DECIMAL(" + type.precision() + "," + type.scale() + ")";
            case REAL -> "DOUBLE";
            case TEXT -> "VARCHAR";
            case BOOLEAN -> "BOOLEAN";
            case DATE -> "DATE";
            case TIME -> "TIME";
            case TIMESTAMP_NTZ -> "TIMESTAMP";
            case TIMESTAMP_LTZ -> "TIMESTAMPTZ";
            case TIMESTAMP_TZ -> "STRUCT(utc TIMESTAMP, minutes INTEGER)";
            case BINARY -> "BLOB";
            case VARIANT, OBJECT -> "JSON";
            case ARRAY -> "STRUCT(n DOUBLE[], j JSON)";
            case VECTOR -> (type.integers() ? "INTEGER[" : "FLOAT[") + type.length() + "]";
        };
    }

    /** The name that Snowflake shows. */
    static String shown(ColumnType type) {
        return switch (type.kind()) {
            case FIXED -> "NUMBER(" + type.precision() + "," + type.scale() + ")";
            case REAL -> "FLOAT";
            case TEXT -> "VARCHAR(" + type.length() + ")";
            case BINARY -> "BINARY(" + type.length() + ")";
            case TIME, TIMESTAMP_NTZ, TIMESTAMP_LTZ, TIMESTAMP_TZ -> type.kind().name() + "(" + type.scale() + ")";
            case VECTOR -> "VECTOR(" + (type.integers() ? "INT" : "FLOAT") + ", " + type.length() + ")";
            case BOOLEAN, DATE, VARIANT, OBJECT, ARRAY -> type.kind().name();
        };
    }

    /** The name without its arguments, as INFORMATION_SCHEMA.COLUMNS has it. */
    static String family(ColumnType type) {
        return shown(type).replaceAll("\\(.*", "");
    }

    static boolean semiStructured(ColumnType type) {
        return type.kind() == Kind.VARIANT || type.kind() == Kind.OBJECT || type.kind() == Kind.ARRAY;
    }

    static boolean numeric(ColumnType type) {
        return type.kind() == Kind.FIXED || type.kind() == Kind.REAL;
    }

    static boolean timestamp(ColumnType type) {
        return switch (type.kind()) {
            case TIMESTAMP_NTZ, TIMESTAMP_LTZ, TIMESTAMP_TZ -> true;
            default -> false;
        };
    }
}
