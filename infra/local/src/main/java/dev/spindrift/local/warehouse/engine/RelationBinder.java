package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Expression;
import dev.spindrift.local.warehouse.sql.Name;
import dev.spindrift.local.warehouse.sql.Parser;
import dev.spindrift.local.warehouse.sql.Relation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what stands in a FROM clause into DuckDB's SQL, and names its columns in a scope. */
final class RelationBinder {
    private final QueryBinder queries;

    RelationBinder(QueryBinder queries) {
        this.queries = queries;
    }

    /** The relation's text; its columns are added to the scope. */
    String bind(Relation relation, Scope scope) {
        if (relation instanceof Relation.Table table) {
            return table(table, scope);
        }
        if (relation instanceof Relation.Derived derived) {
            Bound bound = queries.inner(null).bind(derived.query(), scope);
            return derived(bound, derived.alias(), List.of(), scope);
        }
        if (relation instanceof Relation.Function function) {
            return function(function, scope);
        }
        if (relation instanceof Relation.Join join) {
            return join(join, scope);
        }
        throw Failures.unsupported("query of staged files outside COPY INTO");
    }

    private String table(Relation.Table table, Scope scope) {
        Name name = table.name();
        Bound common = queries.commonTable(name);
        if (common != null) {
            return derived(common, table.alias(), List.of(name.last()), scope);
        }
        Environment environment = queries.environment();
        Bound information = informationSchema(name);
        if (information != null) {
            return derived(information, table.alias(), name.parts(), scope);
        }
        Catalog.Entry entry = environment.require(Catalog.Namespace.RELATION, name);
        Catalog.Key key = entry.key();
        List<String> full = List.of(key.database(), key.schema(), key.name());
        if (entry.query() != null) {
            Environment inside = environment.within(key.database(), key.schema());
            Bound bound = queries.inner(inside).bind(Parser.parseQuery(entry.query()), null);
            List<String> names =
                    entry.columns().stream().map(Catalog.TableColumn::name).toList();
            return derived(QueryBinder.renamed(bound, names), table.alias(), full, scope);
        }
        String alias = queries.newAlias();
        addColumns(scope, table.alias(), full, columns(entry, alias));
        return entry.physical() + " AS " + alias;
    }

    static List<Field> columns(Catalog.Entry table, String alias) {
        List<Field> fields = new ArrayList<>();
        for (Catalog.TableColumn column : table.columns()) {
            String sql = alias + "." + Sql.identifier(column.name());
            fields.add(new Field(column.name(), new Typed(sql, column.type(), column.nullable())));
        }
        return fields;
    }

    private @Nullable Bound informationSchema(Name name) {
        int parts = name.parts().size();
        if (parts < 2 || !name.parts().get(parts - 2).equals("INFORMATION_SCHEMA")) {
            return null;
        }
        String database =
                parts > 2 ? name.parts().get(0) : queries.environment().current("DATABASE");
        if (database == null) {
            throw Failures.noDatabase();
        }
        Bound found = queries.environment().informationSchema(database, name.last());
        if (found == null) {
            throw Failures.missing("Object", name.toString());
        }
        return found;
    }

    private String derived(Bound bound, Relation.@Nullable Alias alias, List<String> qualifier, Scope scope) {
        String name = queries.newAlias();
        addColumns(scope, alias, qualifier, bound.under(name));
        return "(" + bound.sql() + ") AS " + name;
    }

    private static void addColumns(
            Scope scope, Relation.@Nullable Alias alias, List<String> qualifier, List<Field> fields) {
        if (alias == null) {
            scope.add(qualifier, fields);
            return;
        }
        List<Field> named = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            boolean renamed = i < alias.columns().size();
            named.add(new Field(
                    renamed ? alias.columns().get(i) : fields.get(i).name(),
                    fields.get(i).value()));
        }
        scope.add(List.of(alias.name()), named);
    }

    private String join(Relation.Join join, Scope scope) {
        Scope left = new Scope(null);
        String leftSql = bindInto(join.left(), scope, left);
        Scope right = new Scope(null);
        String rightSql = bindInto(join.right(), scope, right);
        if (join.kind().equals("CROSS")) {
            return leftSql + " CROSS JOIN " + rightSql;
        }
        String on = "true";
        if (join.on() != null) {
            on = queries.expressions(scope).condition(join.on());
        }
        if (!join.using().isEmpty()) {
            on = using(join, left, right);
            scope.merge(join.using(), left, right, join.kind());
        }
        return "(" + leftSql + " " + join.kind() + " JOIN " + rightSql + " ON " + on + ")";
    }

    /** Binds a side; its columns go to the whole scope, where a lateral one also looks, and to one of its own. */
    private String bindInto(Relation side, Scope whole, Scope own) {
        int before = whole.sources();
        String sql = bind(side, whole);
        own.copy(whole, before);
        return sql;
    }

    private static String using(Relation.Join join, Scope left, Scope right) {
        List<String> conditions = new ArrayList<>();
        for (String column : join.using()) {
            Typed a = left.find(Name.of(column));
            Typed b = right.find(Name.of(column));
            if (a == null || b == null) {
                throw Failures.invalidIdentifier(column);
            }
            conditions.add(a.sql() + " = " + b.sql());
        }
        return String.join(" AND ", conditions);
    }

    private String function(Relation.Function function, Scope scope) {
        Expression.Call call = function.call();
        return switch (call.name()) {
            case "FLATTEN" -> flatten(function, scope);
            case "RESULT_SCAN" -> derived(resultScan(call), function.alias(), List.of(), scope);
            case "GENERATOR" -> generator(function, scope);
            default ->
                throw new SqlFailure(
                        "002140", "42601", "SQL compilation error:\nUnknown table function " + call.name());
        };
    }

    private Bound resultScan(Expression.Call call) {
        String id = null;
        if (call.arguments().size() == 1 && call.arguments().get(0) instanceof Expression.StringLiteral literal) {
            id = literal.value();
        } else if (call.arguments().size() == 1
                && call.arguments().get(0) instanceof Expression.Call last
                && last.name().equals("LAST_QUERY_ID")) {
            id = queries.environment().earlierQuery(1);
        }
        if (id == null) {
            throw Failures.unsupported("RESULT_SCAN of anything but a text or LAST_QUERY_ID()");
        }
        return queries.environment().result(id);
    }

    private String generator(Relation.Function function, Scope scope) {
        if (!(function.call().named().get("ROWCOUNT") instanceof Expression.NumberLiteral rows)
                || !rows.text().matches("\\d{1,12}")) {
            throw Failures.unsupported("GENERATOR without ROWCOUNT => number");
        }
        return derived(
                new Bound("SELECT 1 AS c0 FROM range(" + rows.text() + ")", List.of()),
                function.alias(),
                List.of(),
                scope);
    }

    /** One row per element of an array or object, in order. */
    private String flatten(Relation.Function function, Scope scope) {
        Expression.Call call = function.call();
        for (String name : call.named().keySet()) {
            if (!List.of("INPUT", "OUTER", "PATH").contains(name)) {
                throw Failures.unsupported("FLATTEN with " + name);
            }
        }
        Expression input = call.named().get("INPUT");
        if (input == null && call.arguments().size() == 1) {
            input = call.arguments().get(0);
        }
        if (input == null) {
            throw Failures.unsupported("FLATTEN without INPUT");
        }
        if (call.named().get("PATH") instanceof Expression.StringLiteral path) {
            input = Parser.parseExpression("x:" + path.value()) instanceof Expression.Path steps
                    ? new Expression.Path(input, steps.steps())
                    : input;
        }
        boolean outer = call.named().get("OUTER") instanceof Expression.BooleanLiteral literal && literal.value();
        String value = Casts.variant(queries.expressions(scope).bind(input)).sql();
        String array = "json_type(" + value + ") = 'ARRAY'";
        String rows = "SELECT 1 AS c0, CASE WHEN " + array + " THEN NULL ELSE j.key END AS c1, CASE WHEN " + array
                + " THEN j.fullkey[2:] ELSE j.fullkey[3:] END AS c2, "
                + "CASE WHEN " + array + " THEN CAST(j.key AS BIGINT) END AS c3, j.value AS c4, " + value
                + " AS c5 FROM json_each(" + value + ") AS j WHERE j.key IS NOT NULL ORDER BY j.id";
        List<Field> fields = List.of(
                new Field("SEQ", Typed.number("c0")),
                new Field("KEY", Typed.text("c1")),
                new Field("PATH", Typed.text("c2")),
                new Field("INDEX", Typed.number("c3")),
                new Field("VALUE", Typed.variant("c4")),
                new Field("THIS", Typed.variant("c5")));
        String alias = queries.newAlias();
        addColumns(scope, function.alias(), List.of(), new Bound("", fields).under(alias));
        if (!outer) {
            return "LATERAL (" + rows + ") AS " + alias;
        }
        return "LATERAL (" + atLeastOne(rows) + ") AS " + alias;
    }

    /** With OUTER, a value that has no elements gives one row of nulls. */
    private static String atLeastOne(String rows) {
        return "SELECT e.* FROM (SELECT 1) AS o LEFT JOIN (" + rows + ") AS e ON true";
    }
}
