package dev.spindrift.local.warehouse.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A query in DuckDB's words.
 *
 * @param sql whose columns are named {@code c0}, {@code c1}, ...
 * @param fields one per column; the values' texts mean nothing outside the query
 */
record Bound(String sql, List<Field> fields) {

    /** The columns, as seen by a query that has this one under an alias. */
    List<Field> under(String alias) {
        List<Field> outer = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            Typed value = new Typed(
                    alias + ".c" + i, field.value().type(), field.value().nullable());
            outer.add(new Field(field.name(), value));
        }
        return outer;
    }

    static String column(int index) {
        return "c" + index;
    }
}
