package dev.spindrift.local.warehouse.engine;

/** Writes DuckDB text safely. */
final class Sql {
    private Sql() {}

    static String string(String value) {
        if (value.indexOf('\0') >= 0) {
            throw Failures.unsupported("the character U+0000 in a string");
        }
        return "'" + value.replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
