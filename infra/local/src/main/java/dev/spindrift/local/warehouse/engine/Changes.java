package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Expression;
import dev.spindrift.local.warehouse.sql.Parser;
import dev.spindrift.local.warehouse.sql.Query;
import dev.spindrift.local.warehouse.sql.Statement;
import dev.spindrift.local.warehouse.sql.Statement.MergeClause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns INSERT, UPDATE, DELETE and MERGE into DuckDB's SQL. */
final class Changes {

    /** Functions that Snowflake refuses in a VALUES clause. */
    private static final Set<String> NOT_IN_VALUES = Set.of(
            "PARSE_JSON",
            "TRY_PARSE_JSON",
            "OBJECT_CONSTRUCT",
            "OBJECT_CONSTRUCT_KEEP_NULL",
            "ARRAY_CONSTRUCT",
            "TO_VARIANT",
            "TO_ARRAY",
            "TO_OBJECT");

    private final QueryBinder queries;

    Changes(QueryBinder queries) {
        this.queries = queries;
    }

    Catalog.Entry table(dev.spindrift.local.warehouse.sql.Name name) {
        Catalog.Entry entry = queries.environment().require(Catalog.Namespace.RELATION, name);
        if (entry.view()) {
            throw Failures.unsupported("change of a view");
        }
        return entry;
    }

    private static Catalog.TableColumn column(Catalog.Entry table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failures.invalidIdentifier(name));
    }

    String insert(Statement.Insert insert, Catalog.Entry table) {
        if (insert.source() instanceof Query.Values values) {
            values.rows().forEach(row -> row.forEach(Changes::refuseInValues));
        }
        Bound source = queries.bind(insert.source(), null);
        List<String> names = insert.columns().isEmpty()
                ? table.columns().stream().map(Catalog.TableColumn::name).toList()
                : insert.columns();
        String alias = queries.newAlias();
        List<Typed> values = source.under(alias).stream().map(Field::value).toList();
        return into(table, names, values) + " FROM (" + source.sql() + ") AS " + alias;
    }

    private static void refuseInValues(Expression expression) {
        Expression inner = expression;
        while (inner instanceof Expression.Cast cast) {
            inner = cast.value();
        }
        boolean refused = inner instanceof Expression.Subquery
                || (inner instanceof Expression.Call call && NOT_IN_VALUES.contains(call.name()));
        if (refused) {
            String name = inner instanceof Expression.Call call ? call.name() + "(...)" : "subquery";
            throw new SqlFailure(
                    "002014", "22000", "SQL compilation error:\nInvalid expression [" + name + "] in VALUES clause");
        }
    }

    /** INSERT INTO ... SELECT of these values for these columns, and of the defaults for the others. */
    String into(Catalog.Entry table, List<String> names, List<Typed> values) {
        if (names.size() != values.size()) {
            throw new SqlFailure(
                    "002020",
                    "21S01",
                    "SQL compilation error:\nInsert value list does not match column list expecting " + names.size()
                            + " but got " + values.size());
        }
        Map<String, Typed> given = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Catalog.TableColumn column = column(table, names.get(i));
            if (given.put(column.name(), Casts.assign(values.get(i), column.name(), column.type())) != null) {
                throw new SqlFailure(
                        "001110", "42601", "SQL compilation error:\nduplicate column name '" + column.name() + "'");
            }
        }
        List<String> columns = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        for (Catalog.TableColumn column : table.columns()) {
            columns.add(Sql.identifier(column.name()));
            Typed value = given.get(column.name());
            cells.add((value == null ? standard(column) : value).sql());
        }
        return "INSERT INTO " + table.physical() + " (" + String.join(", ", columns) + ") SELECT "
                + String.join(", ", cells);
    }

    private Typed standard(Catalog.TableColumn column) {
        Typed value = column.defaultText() == null
                ? Typed.NULL
                : queries.expressions(new Scope(null)).bind(Parser.parseExpression(column.defaultText()));
        return Casts.assign(value, column.name(), column.type());
    }

    String update(Statement.Update update, Catalog.Entry table) {
        Scope scope = new Scope(null);
        String alias = target(table, update.alias(), scope);
        String from = update.from() == null ? "" : " FROM " + new RelationBinder(queries).bind(update.from(), scope);
        String where = update.where() == null
                ? ""
                : " WHERE " + queries.expressions(scope).condition(update.where());
        return "UPDATE " + table.physical() + " AS " + alias + " SET " + assignments(update.assignments(), table, scope)
                + from + where;
    }

    private String assignments(List<Statement.Assignment> assignments, Catalog.Entry table, Scope scope) {
        List<String> texts = new ArrayList<>();
        for (Statement.Assignment assignment : assignments) {
            Catalog.TableColumn column = column(table, assignment.column());
            Typed value =
                    Casts.assign(queries.expressions(scope).bind(assignment.value()), column.name(), column.type());
            texts.add(Sql.identifier(column.name()) + " = " + value.sql());
        }
        return String.join(", ", texts);
    }

    /** With USING, each row is counted once, however many rows it meets. */
    String delete(Statement.Delete delete, Catalog.Entry table) {
        Scope scope = new Scope(null);
        String alias = target(table, delete.alias(), scope);
        String from = table.physical() + " AS " + alias;
        if (delete.using() != null) {
            from += " CROSS JOIN " + new RelationBinder(queries).bind(delete.using(), scope);
        }
        if (delete.where() == null && delete.using() == null) {
            return "DELETE FROM " + table.physical();
        }
        String where =
                delete.where() == null ? "true" : queries.expressions(scope).condition(delete.where());
        return "DELETE FROM " + table.physical() + " WHERE rowid IN (SELECT " + alias + ".rowid FROM " + from
                + " WHERE " + where + ")";
    }

    private String target(Catalog.Entry table, @Nullable String named, Scope scope) {
        String alias = queries.newAlias();
        Catalog.Key key = table.key();
        List<String> qualifier = named == null ? List.of(key.database(), key.schema(), key.name()) : List.of(named);
        scope.add(qualifier, RelationBinder.columns(table, alias));
        return alias;
    }

    /** MERGE that returns one {@code merge_action} per row that it changed. */
    String merge(Statement.Merge merge, Catalog.Entry table) {
        Scope scope = new Scope(null);
        String alias = target(table, merge.alias(), scope);
        Scope sourceScope = new Scope(null);
        int before = scope.sources();
        String source = new RelationBinder(queries).bind(merge.source(), scope);
        sourceScope.copy(scope, before);
        StringBuilder sql = new StringBuilder("MERGE INTO " + table.physical() + " AS " + alias + " USING " + source
                + " ON (" + queries.expressions(scope).condition(merge.on()) + ")");
        for (MergeClause clause : merge.clauses()) {
            boolean insert = clause instanceof MergeClause.InsertUnmatched;
            Expression condition = clause.condition();
            sql.append(insert ? " WHEN NOT MATCHED" : " WHEN MATCHED");
            if (condition != null) {
                sql.append(" AND (")
                        .append(queries.expressions(insert ? sourceScope : scope)
                                .condition(condition))
                        .append(")");
            }
            sql.append(" THEN ").append(action(clause, table, scope, sourceScope));
        }
        return sql.append(" RETURNING merge_action").toString();
    }

    private String action(MergeClause clause, Catalog.Entry table, Scope scope, Scope sourceScope) {
        if (clause instanceof MergeClause.UpdateMatched update) {
            return "UPDATE SET " + assignments(update.assignments(), table, scope);
        }
        if (!(clause instanceof MergeClause.InsertUnmatched insert)) {
            return "DELETE";
        }
        List<String> names = insert.columns().isEmpty()
                ? table.columns().stream().map(Catalog.TableColumn::name).toList()
                : insert.columns();
        if (names.size() != insert.values().size()) {
            throw new SqlFailure(
                    "002020", "21S01", "SQL compilation error:\nInsert value list does not match column list");
        }
        Map<String, Typed> given = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Catalog.TableColumn column = column(table, names.get(i));
            Typed value = queries.expressions(sourceScope).bind(insert.values().get(i));
            given.put(column.name(), Casts.assign(value, column.name(), column.type()));
        }
        List<String> columns = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        for (Catalog.TableColumn column : table.columns()) {
            Typed value = given.get(column.name());
            columns.add(Sql.identifier(column.name()));
            cells.add((value == null ? standard(column) : value).sql());
        }
        return "INSERT (" + String.join(", ", columns) + ") VALUES (" + String.join(", ", cells) + ")";
    }
}
