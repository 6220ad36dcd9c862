package dev.spindrift.local.warehouse.sql;

import java.util.List;

/** A name of one to four parts ({@code DB.SCHEMA.TABLE.COLUMN}), unquoted parts folded to upper case. */
public record Name(List<String> parts) {
    public Name {
        parts = List.copyOf(parts);
    }

    public static Name of(String... parts) {
        return new Name(List.of(parts));
    }

    public String last() {
        return parts.get(parts.size() - 1);
    }

    /** The name as Snowflake shows it. */
    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
