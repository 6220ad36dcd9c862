package dev.spindrift.pipeline.sink;

import java.util.Locale;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A column of a staged file and of the staging table it is copied into.
 *
 * @param name as the staging table has it; in the file it is in lower case
 */
record StagedColumn(String name, Kind kind, boolean required) {

    /** What a column holds: its type in the staging table. */
    enum Kind {
        TEXT("VARCHAR"),
        LONG("NUMBER(38, 0)"),
        INT("NUMBER(10, 0)"),
        BOOLEAN("BOOLEAN"),
        /** A vector. Snowflake loads no VECTOR from a file: it arrives as an array and is cast when it is applied. */
        FLOATS("ARRAY");

        private final String sqlType;

        Kind(String sqlType) {
            this.sqlType = sqlType;
        }
    }

    static StagedColumn required(String name, Kind kind) {
        return new StagedColumn(name, kind, true);
    }

    static StagedColumn optional(String name, Kind kind) {
        return new StagedColumn(name, kind, false);
    }

    String fieldName() {
        return name.toLowerCase(Locale.ROOT);
    }

    String definition() {
        return name + " " + kind.sqlType;
    }

    /** How {@code COPY} reads it from a file. */
    String copied() {
        return "$1:" + fieldName() + "::" + kind.sqlType;
    }

    Type parquetType() {
        Type.Repetition repetition = required ? Type.Repetition.REQUIRED : Type.Repetition.OPTIONAL;
        return switch (kind) {
            case TEXT ->
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(fieldName());
            case LONG -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(fieldName());
            case INT -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(fieldName());
            case BOOLEAN ->
                Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(fieldName());
            case FLOATS ->
                Types.list(repetition).requiredElement(PrimitiveTypeName.FLOAT).named(fieldName());
        };
    }
}
