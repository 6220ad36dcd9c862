package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.engine.Functions.Arguments;
import dev.spindrift.local.warehouse.sql.Expression;

/** Functions on VARIANT, OBJECT and ARRAY. */
final class JsonFunctions {
    private JsonFunctions() {}

    static void register() {
        Functions.scalar("PARSE_JSON", 1, 1, a -> parse("CAST(", a));
        Functions.scalar("TRY_PARSE_JSON", 1, 1, a -> parse("TRY_CAST(", a));
        Functions.scalar(
                "CHECK_JSON",
                1,
                1,
                a -> Typed.text("(CASE WHEN " + a.text(0) + " IS NULL OR json_valid(" + a.text(0)
                        + ") THEN NULL ELSE 'invalid JSON' END)"));
        Functions.scalar("TO_JSON", 1, 1, a -> Typed.text("CAST(" + a.variant(0) + " AS VARCHAR)"));
        Functions.scalar("TO_VARIANT", 1, 1, a -> Typed.variant(a.variant(0)));
        Functions.scalar("TO_ARRAY", 1, 1, a -> Casts.cast(a.get(0), Types.ARRAY, false));
        Functions.scalar("TO_OBJECT AS_OBJECT", 1, 1, a -> Casts.cast(a.get(0), Types.OBJECT, false));
        Functions.scalar(
                "AS_ARRAY",
                1,
                1,
                a -> Typed.arrayOfJson(
                        "(CASE WHEN json_type(" + a.variant(0) + ") = 'ARRAY' THEN " + a.variant(0) + " END)"));
        Functions.scalar("TYPEOF", 1, 1, JsonFunctions::typeOf);
        Functions.scalar("IS_NULL_VALUE", 1, 1, a -> is(a, "NULL"));
        Functions.scalar("IS_ARRAY", 1, 1, a -> is(a, "ARRAY"));
        Functions.scalar("IS_OBJECT", 1, 1, a -> is(a, "OBJECT"));
        Functions.scalar("OBJECT_CONSTRUCT", 0, 1000, a -> object(a, false));
        Functions.scalar("OBJECT_CONSTRUCT_KEEP_NULL", 0, 1000, a -> object(a, true));
        Functions.scalar("ARRAY_CONSTRUCT", 0, 10_000, JsonFunctions::array);
        Functions.scalar(
                "ARRAY_SIZE",
                1,
                1,
                a -> Typed.number("(CASE WHEN json_type(" + a.variant(0) + ") = 'ARRAY' THEN json_array_length("
                        + a.variant(0) + ") END)"));
        Functions.scalar(
                "ARRAY_CONTAINS",
                2,
                2,
                a -> Typed.bool("list_contains(CAST(" + a.variant(1) + " AS JSON[]), " + a.variant(0) + ")"));
        Functions.scalar(
                "ARRAY_TO_STRING",
                2,
                2,
                a -> Typed.text("array_to_string(CAST(" + a.variant(0) + " AS VARCHAR[]), " + a.text(1) + ")"));
        Functions.scalar("GET", 2, 2, a -> Typed.variant(Paths.get(a.variant(0), a.get(1))));
        Functions.scalar("GET_PATH", 2, 2, JsonFunctions::getPath);
        Functions.scalar("OBJECT_KEYS", 1, 1, a -> Typed.arrayOfJson("to_json(json_keys(" + a.variant(0) + "))"));
    }

    /** An empty text is NULL, as Snowflake has it. */
    private static Typed parse(String cast, Arguments a) {
        if (a.get(0).kind() == Kind.VARIANT) {
            return a.get(0);
        }
        return Typed.variant("json(" + cast + "nullif(trim(" + a.text(0) + "), '') AS JSON))");
    }

    private static Typed typeOf(Arguments a) {
        String type = "json_type(" + a.variant(0) + ")";
        return Typed.text(
                "(CASE " + type + " WHEN 'NULL' THEN 'NULL_VALUE' WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN"
                        + " 'INTEGER' WHEN 'HUGEINT' THEN 'INTEGER' ELSE " + type + " END)");
    }

    private static Typed is(Arguments a, String type) {
        return Typed.bool("(json_type(" + a.variant(0) + ") = '" + type + "')");
    }

    private static Typed object(Arguments a, boolean keepNull) {
        if (a.size() % 2 != 0) {
            throw a.mismatch();
        }
        StringBuilder sql = new StringBuilder("json_object(");
        for (int i = 0; i < a.size(); i += 2) {
            sql.append(i == 0 ? "" : ", ").append(a.text(i)).append(", ").append(a.variant(i + 1));
        }
        String object = sql.append(")").toString();
        if (keepNull || a.size() == 0) {
            return new Typed(object, Types.OBJECT);
        }
        // json_merge_patch drops what is null, but also what was JSON null; the members decide, one by one.
        StringBuilder members = new StringBuilder("json_group_object(k, v) FROM (VALUES ");
        for (int i = 0; i < a.size(); i += 2) {
            members.append(i == 0 ? "(" : ", (")
                    .append(a.text(i))
                    .append(", ")
                    .append(a.variant(i + 1))
                    .append(")");
        }
        return new Typed(
                "coalesce((SELECT " + members + ") AS m(k, v) WHERE v IS NOT NULL), CAST('{}' AS JSON))", Types.OBJECT);
    }

    private static Typed array(Arguments a) {
        StringBuilder sql = new StringBuilder("json_array(");
        for (int i = 0; i < a.size(); i++) {
            sql.append(i == 0 ? "" : ", ").append(a.variant(i));
        }
        return Typed.arrayOfJson(sql.append(")").toString());
    }

    private static Typed getPath(Arguments a) {
        if (!(a.raw(1) instanceof Expression.StringLiteral path)) {
            throw Failures.unsupported("GET_PATH with a path that is not a constant");
        }
        return Typed.variant(Paths.getPath(a.variant(0), path.value()));
    }
}
