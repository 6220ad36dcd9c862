package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The last step of a query: what the client gets of it. */
final class Output {
    private Output() {}

    /** The query, with types that JDBC cannot carry turned into text. */
    static String sql(Bound bound) {
        boolean plain = bound.fields().stream()
                .map(field -> field.value().kind())
                .noneMatch(kind -> kind == Kind.ARRAY || kind == Kind.TIMESTAMP_TZ);
        if (plain) {
            return bound.sql();
        }
        List<String> columns = new ArrayList<>();
        List<Field> fields = bound.under("o");
        for (int i = 0; i < fields.size(); i++) {
            Typed value = fields.get(i).value();
            String sql = switch (value.kind()) {
                case ARRAY -> Casts.text(value).sql();
                case TIMESTAMP_TZ ->
                    "(strftime((" + value.sql() + ").utc, '%Y-%m-%dT%H:%M:%S.%f') || ' ' || (" + value.sql()
                            + ").minutes)";
                default -> value.sql();
            };
            columns.add(sql + " AS c" + i);
        }
        return "SELECT " + String.join(", ", columns) + " FROM (" + bound.sql() + ") AS o";
    }

    /** The columns, with the precision that DuckDB found for numbers. */
    static List<Column> columns(Bound bound, ResultSetMetaData found) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < bound.fields().size(); i++) {
            Field field = bound.fields().get(i);
            ColumnType type = field.value().type();
            if (type.equals(Types.NULL)) {
                type = Types.TEXT;
            } else if (type.kind() == Kind.FIXED) {
                String name = found.getColumnTypeName(i + 1);
                if (name.startsWith("DECIMAL")) {
                    type = Types.fixed(found.getPrecision(i + 1), found.getScale(i + 1));
                } else {
                    type = name.equals("DOUBLE") ? Types.REAL : Types.fixed(Math.max(1, type.precision()), 0);
                }
            }
            columns.add(new Column(field.name(), type, field.value().nullable()));
        }
        return columns;
    }
}
