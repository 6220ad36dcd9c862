package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Expression;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The columns of Parquet files, as {@code $1:name} reads them. In Snowflake each is a VARIANT; here each keeps the type
 * that it has in the file, so that {@code $1:x::ARRAY} need not pass through JSON.
 */
final class StagedColumns {
    private static final Pattern NUMBERS = Pattern.compile("(DOUBLE|FLOAT)\\[]");

    private final String alias;
    private final Map<String, Typed> columns = new LinkedHashMap<>();

    /**
     * @param description the rows of DuckDB's DESCRIBE
     * @param alias under which the query reads the files
     */
    StagedColumns(ResultSet description, String alias) throws SQLException {
        this.alias = alias;
        while (description.next()) {
            String name = description.getString("column_name");
            columns.put(name, typed(description.getString("column_type"), alias + "." + Sql.identifier(name)));
        }
        columns.keySet().removeIf(name -> name.startsWith("__spindrift_"));
    }

    private static Typed typed(String type, String sql) {
        if (NUMBERS.matcher(type).matches()) {
            return new Typed(
                    "(CASE WHEN " + sql + " IS NOT NULL THEN {'n': CAST(" + sql
                            + " AS DOUBLE[]), 'j': CAST(NULL AS JSON)} END)",
                    Types.ARRAY);
        }
        if (type.endsWith("[]")) {
            return Typed.arrayOfJson("to_json(" + sql + ")");
        }
        if (type.startsWith("DECIMAL")) {
            String[] parts = type.replaceAll("[^0-9,]", "").split(",", 2);
            return new Typed(sql, Types.fixed(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
        }
        return switch (type) {
            case "VARCHAR", "ENUM" -> Typed.text(sql);
            case "JSON" -> Typed.text("CAST(" + sql + " AS VARCHAR)");
            case "UUID" -> Typed.text("CAST(" + sql + " AS VARCHAR)");
            case "TINYINT",
                    "SMALLINT",
                    "INTEGER",
                    "BIGINT",
                    "HUGEINT",
                    "UTINYINT",
                    "USMALLINT",
                    "UINTEGER",
                    "UBIGINT" -> Typed.number(sql);
            case "FLOAT", "DOUBLE" -> Typed.real("CAST(" + sql + " AS DOUBLE)");
            case "BOOLEAN" -> Typed.bool(sql);
            case "DATE" -> new Typed(sql, Types.DATE);
            case "TIME" -> new Typed(sql, Types.TIME);
            case "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S" ->
                new Typed("CAST(" + sql + " AS TIMESTAMP)", Types.NTZ);
            case "TIMESTAMP WITH TIME ZONE" -> new Typed(sql, Types.LTZ);
            case "BLOB" -> new Typed(sql, Types.BINARY);
            default -> Typed.variant("to_json(" + sql + ")");
        };
    }

    /** The whole row as an object. */
    Typed row() {
        StringBuilder sql = new StringBuilder("json_object(");
        columns.forEach((name, value) -> sql.append(sql.length() == 12 ? "" : ", ")
                .append(Sql.string(name))
                .append(", ")
                .append(Casts.variant(value).sql()));
        return Typed.variant(sql.append(")").toString());
    }

    /** A column by a path that begins with its name, in the letters of the file; NULL if no file has it. */
    Typed field(Expression.Path path, ExpressionBinder binder) {
        if (!(path.steps().get(0) instanceof Expression.StringLiteral name)) {
            throw Failures.unsupported("position in $1 of a Parquet file, which has only names");
        }
        Typed column = columns.getOrDefault(name.value(), Typed.variant("CAST(NULL AS JSON)"));
        List<Expression> rest = path.steps().subList(1, path.steps().size());
        return rest.isEmpty()
                ? column
                : Paths.bind(new Expression.Path(path.base(), rest), Casts.cast(column, Types.VARIANT, false), binder);
    }

    @Nullable
    Typed named(String column, boolean caseSensitive) {
        for (Map.Entry<String, Typed> each : columns.entrySet()) {
            boolean same =
                    caseSensitive ? each.getKey().equals(column) : each.getKey().equalsIgnoreCase(column);
            if (same) {
                return each.getValue();
            }
        }
        return null;
    }

    List<Field> metadata(String fileSql) {
        return List.of(
                new Field("METADATA$FILENAME", Typed.text(fileSql)),
                new Field("METADATA$FILE_ROW_NUMBER", Typed.number("(" + alias + ".file_row_number + 1)")));
    }
}
