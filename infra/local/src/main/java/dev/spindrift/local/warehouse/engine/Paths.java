package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Expression;

/** Semi-structured paths: {@code a:b.c[0]}. */
final class Paths {
    private Paths() {}

    static Typed bind(Expression.Path path, Typed base, ExpressionBinder binder) {
        if (!Types.semiStructured(base.type())) {
            throw Failures.invalidTypes("GET", Types.shown(base.type()) + ", VARCHAR");
        }
        String json = Casts.variant(base).sql();
        StringBuilder steps = new StringBuilder("$");
        for (Expression step : path.steps()) {
            if (step instanceof Expression.StringLiteral name) {
                steps.append(name(name.value()));
            } else if (step instanceof Expression.NumberLiteral index
                    && index.text().matches("\\d{1,9}")) {
                steps.append("[").append(index.text()).append("]");
            } else {
                json = get(extract(json, steps.toString()), binder.bind(step));
                steps.setLength(1);
            }
        }
        return Typed.variant(extract(json, steps.toString()));
    }

    private static String extract(String json, String path) {
        return path.equals("$") ? json : "json_extract(" + json + ", " + Sql.string(path) + ")";
    }

    private static String name(String value) {
        if (value.indexOf('"') >= 0) {
            throw Failures.unsupported("double quote in the name of a field");
        }
        return ".\"" + value + "\"";
    }

    /** The element under a name or number that is known only as the query runs. */
    static String get(String json, Typed key) {
        String path = Types.numeric(key.type())
                ? "'$[' || CAST(CAST(" + key.sql() + " AS BIGINT) AS VARCHAR) || ']'"
                : "'$.\"' || replace(" + Casts.text(key).sql() + ", '\"', '') || '\"'";
        return "json_extract(" + json + ", " + path + ")";
    }

    /** The element under a path given as text, such as {@code a.b[0]}. */
    static String getPath(String json, String path) {
        return "json_extract(" + json + ", " + Sql.string("$" + (path.startsWith("[") ? "" : ".") + path) + ")";
    }
}
