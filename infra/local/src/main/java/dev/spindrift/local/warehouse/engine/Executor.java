package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.Catalog.Namespace;
import dev.spindrift.local.warehouse.sql.Name;
import dev.spindrift.local.warehouse.sql.Parser;
import dev.spindrift.local.warehouse.sql.Query;
import dev.spindrift.local.warehouse.sql.Statement;
import dev.spindrift.local.warehouse.sql.Statement.MergeClause;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs one statement of a session. */
final class Executor {
    private static final String SUCCESS = "Statement executed successfully.";
    private static final Set<String> BUILT_IN_ROLES =
            Set.of("ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN", "SYSADMIN", "PUBLIC", "ORGADMIN");

    private final DuckDbSession session;
    private final Transaction transaction;
    private final Connection connection;
    private final Instant now = Instant.now();
    private final Environment environment;
    private final Binds binds;
    private final QueryBinder queries;

    Executor(DuckDbSession session, Binds binds) {
        this.session = session;
        this.transaction = session.transaction();
        this.connection = session.connection();
        this.environment = session.environment(now);
        this.binds = binds;
        this.queries = new QueryBinder(environment, binds);
    }

    StatementResult execute(Statement statement) {
        if (statement instanceof Statement.Select select) {
            return query(select.query());
        }
        if (statement instanceof Statement.Insert insert) {
            return insert(insert);
        }
        if (statement instanceof Statement.Update update) {
            return update(update);
        }
        if (statement instanceof Statement.Delete delete) {
            return delete(delete);
        }
        if (statement instanceof Statement.Merge merge) {
            return merge(merge);
        }
        if (statement instanceof Statement.Copy copy) {
            return copy(copy);
        }
        if (statement instanceof Statement.Show show) {
            return show(show);
        }
        if (statement instanceof Statement.Describe describe) {
            return rows(
                    StatementType.DESCRIBE,
                    describe.kind().equals("STAGE")
                            ? new Listings.Listing(List.of(), List.of())
                            : Listings.describe(environment.require(Namespace.RELATION, describe.name())));
        }
        try {
            StatementResult files = new StageStatements(session, environment).execute(statement);
            return files == null ? control(statement) : files;
        } catch (SQLException e) {
            throw transaction.failure(e);
        }
    }

    private StatementResult control(Statement statement) throws SQLException {
        if (statement instanceof Statement.Begin begin) {
            transaction.begin(begin.name(), now);
            return status(StatementType.TRANSACTION, SUCCESS);
        }
        if (statement instanceof Statement.Commit) {
            transaction.commit();
            return status(StatementType.TRANSACTION, SUCCESS);
        }
        if (statement instanceof Statement.Rollback) {
            transaction.rollback();
            return status(StatementType.TRANSACTION, SUCCESS);
        }
        if (statement instanceof Statement.AlterSession alter) {
            return alterSession(alter);
        }
        if (statement instanceof Statement.Use use) {
            return use(use);
        }
        if (statement instanceof Statement.Truncate truncate) {
            return truncate(truncate);
        }
        transaction.commit();
        return status(StatementType.DDL, define(statement));
    }

    private String define(Statement statement) throws SQLException {
        Definitions definitions = new Definitions(
                connection,
                session.engine().catalog(),
                session.temporary(),
                environment,
                session.engine().stages());
        if (statement instanceof Statement.CreateTable create) {
            return definitions.createTable(create, binds);
        }
        if (statement instanceof Statement.CreateView create) {
            return definitions.createView(create);
        }
        if (statement instanceof Statement.CreateNamed create) {
            String message = definitions.createNamed(create);
            boolean created = message.contains("created");
            if (created && create.kind().equals("DATABASE")) {
                session.use(create.name().last(), "PUBLIC");
            } else if (created && create.kind().equals("SCHEMA")) {
                Catalog.Key key = environment.resolve(Namespace.SCHEMA, create.name());
                session.use(key.database(), key.name());
            }
            return message;
        }
        if (statement instanceof Statement.Drop drop) {
            return drop(definitions, drop);
        }
        if (statement instanceof Statement.Grant) {
            return SUCCESS;
        }
        throw Failures.unsupported(statement.getClass().getSimpleName());
    }

    private String drop(Definitions definitions, Statement.Drop drop) throws SQLException {
        String message = definitions.drop(drop);
        SqlSession.Context context = session.context();
        Catalog catalog = session.engine().catalog().current();
        String database = context.database();
        if (database != null && !catalog.hasDatabase(database)) {
            session.forget(true);
        } else if (database != null && context.schema() != null && !catalog.hasSchema(database, context.schema())) {
            session.forget(false);
        }
        return message;
    }

    private StatementResult query(Query query) {
        return transaction.read(
                () -> {
                    Bound bound = queries.bind(query, null);
                    return stream(bound);
                },
                now);
    }

    private StatementResult stream(Bound bound) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(Output.sql(bound));
        try {
            session.runs(statement);
            binds.set(connection, statement);
            ResultSet rows = statement.executeQuery();
            // Not before: DuckDB knows the types only once the values are bound.
            List<Column> columns = Output.columns(bound, rows.getMetaData());
            return new StatementResult.Rows(
                    StatementType.SELECT, columns, new DuckDbCursor(statement, rows, columns, session::streamFailure));
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private long change(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            session.runs(statement);
            binds.set(connection, statement);
            return statement.executeLargeUpdate();
        }
    }

    private <T> T write(List<Long> tables, Transaction.Work<T> work) {
        Duration timeout =
                Duration.ofSeconds(Long.parseLong(session.parameters().getOrDefault(Parameters.LOCK_TIMEOUT, "43200")));
        return transaction.write(tables, timeout, work, now);
    }

    private StatementResult insert(Statement.Insert insert) {
        Changes changes = new Changes(queries);
        Catalog.Entry table = changes.table(insert.table());
        String sql = changes.insert(insert, table);
        long count = write(Transaction.none(), () -> change(sql));
        return counts(StatementType.INSERT, Map.of("number of rows inserted", count));
    }

    private StatementResult update(Statement.Update update) {
        Changes changes = new Changes(queries);
        Catalog.Entry table = changes.table(update.table());
        String sql = changes.update(update, table);
        long count = write(List.of(table.id()), () -> change(sql));
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("number of rows updated", count);
        counts.put("number of multi-joined rows updated", 0L);
        return counts(StatementType.UPDATE, counts);
    }

    private StatementResult delete(Statement.Delete delete) {
        Changes changes = new Changes(queries);
        Catalog.Entry table = changes.table(delete.table());
        String sql = changes.delete(delete, table);
        long count = write(List.of(table.id()), () -> change(sql));
        return counts(StatementType.DELETE, Map.of("number of rows deleted", count));
    }

    private StatementResult truncate(Statement.Truncate truncate) {
        Changes changes = new Changes(queries);
        Catalog.Key key = environment.resolve(Namespace.RELATION, truncate.table());
        if (truncate.ifExists() && session.find(key) == null) {
            return status(StatementType.DDL, SUCCESS);
        }
        Catalog.Entry table = changes.table(truncate.table());
        write(List.of(table.id()), () -> {
            try (PreparedStatement forget =
                    connection.prepareStatement("DELETE FROM meta.loads WHERE table_id = " + table.id())) {
                forget.executeUpdate();
            }
            return change("DELETE FROM " + table.physical());
        });
        return status(StatementType.DDL, SUCCESS);
    }

    private StatementResult merge(Statement.Merge merge) {
        Changes changes = new Changes(queries);
        Catalog.Entry table = changes.table(merge.table());
        String sql = changes.merge(merge, table);
        Map<String, Long> done = write(List.of(table.id()), () -> merged(sql));
        Map<String, Long> counts = new LinkedHashMap<>();
        if (merge.clauses().stream().anyMatch(MergeClause.InsertUnmatched.class::isInstance)) {
            counts.put("number of rows inserted", done.getOrDefault("INSERT", 0L));
        }
        if (merge.clauses().stream().anyMatch(MergeClause.UpdateMatched.class::isInstance)) {
            counts.put("number of rows updated", done.getOrDefault("UPDATE", 0L));
        }
        if (merge.clauses().stream().anyMatch(MergeClause.DeleteMatched.class::isInstance)) {
            counts.put("number of rows deleted", done.getOrDefault("DELETE", 0L));
        }
        return counts(StatementType.MERGE, counts);
    }

    private Map<String, Long> merged(String sql) throws SQLException {
        Map<String, Long> done = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            session.runs(statement);
            binds.set(connection, statement);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    done.merge(rows.getString(1), 1L, Long::sum);
                }
            }
        }
        return done;
    }

    private StatementResult copy(Statement.Copy copy) {
        Catalog.Entry table = new Changes(queries).table(copy.table());
        String stage = new StageStatements(session, environment).fullName(copy.from());
        CopyLoader loader = new CopyLoader(
                connection, session.engine().stages(), session.engine().loading(), queries);
        List<@Nullable Object[]> rows = write(Transaction.none(), () -> loader.load(copy, table, stage));
        if (rows.isEmpty()) {
            return status(StatementType.COPY, "Copy executed with 0 files processed.");
        }
        return rows(StatementType.COPY, new Listings.Listing(CopyLoader.columns(), rows));
    }

    private StatementResult show(Statement.Show show) {
        return switch (show.kind()) {
            case "PARAMETERS" -> rows(StatementType.SHOW, Listings.parameters(session.parameters(), show.like()));
            case "TRANSACTIONS" -> rows(StatementType.SHOW, transactions());
            default -> rows(StatementType.SHOW, session.listings(environment).show(show));
        };
    }

    private Listings.Listing transactions() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (DuckDbSession other : session.engine().sessions()) {
            Transaction open = other.transaction();
            if (open.open()) {
                rows.add(new @Nullable Object[] {
                    open.name(), other.user(), String.valueOf(other.id()), open.name(), open.startedAt(), "running"
                });
            }
        }
        List<Column> columns = new ArrayList<>();
        for (String name : List.of("id", "user", "session", "name", "started_on", "state")) {
            columns.add(new Column(name, name.equals("started_on") ? Types.LTZ : Types.TEXT, true));
        }
        return new Listings.Listing(columns, rows);
    }

    private StatementResult alterSession(Statement.AlterSession alter) throws SQLException {
        Map<String, String> changed = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : alter.set().entrySet()) {
            session.setParameter(parameter.getKey(), parameter.getValue());
            changed.put(parameter.getKey(), parameter.getValue());
        }
        for (String name : alter.unset()) {
            changed.put(name, session.resetParameter(name));
        }
        return new StatementResult.SessionChanged(changed);
    }

    private StatementResult use(Statement.Use use) {
        Catalog catalog = session.engine().catalog().current();
        Name name = use.name();
        switch (use.kind()) {
            case "DATABASE" -> {
                if (!catalog.hasDatabase(name.last())) {
                    throw notThere();
                }
                session.use(name.last(), catalog.hasSchema(name.last(), "PUBLIC") ? "PUBLIC" : null);
            }
            case "SCHEMA" -> {
                Catalog.Key key = environment.resolve(Namespace.SCHEMA, name);
                if (!catalog.hasSchema(key.database(), key.name())) {
                    throw notThere();
                }
                session.use(key.database(), key.name());
            }
            case "WAREHOUSE" -> {
                if (catalog.find(Catalog.account(Namespace.WAREHOUSE, name.last())) == null) {
                    throw notThere();
                }
                session.useWarehouse(name.last());
            }
            default -> {
                boolean known = catalog.find(Catalog.account(Namespace.ROLE, name.last())) != null;
                if (!known && !BUILT_IN_ROLES.contains(name.last())) {
                    throw notThere();
                }
                session.useRole(name.last());
            }
        }
        return status(StatementType.USE, SUCCESS);
    }

    private static SqlFailure notThere() {
        return new SqlFailure(
                "002043", "02000", "SQL compilation error:\nObject does not exist, or operation cannot be performed.");
    }

    private static StatementResult rows(StatementType type, Listings.Listing listing) {
        return new StatementResult.Rows(type, listing.columns(), new ListCursor(listing.rows()));
    }

    private static StatementResult status(StatementType type, String message) {
        List<Column> columns = List.of(new Column("status", Types.TEXT, true));
        List<@Nullable Object[]> rows = List.<@Nullable Object[]>of(new @Nullable Object[] {message});
        return new StatementResult.Rows(type, columns, new ListCursor(rows));
    }

    private static StatementResult counts(StatementType type, Map<String, Long> counts) {
        List<Column> columns = new ArrayList<>();
        counts.keySet().forEach(name -> columns.add(new Column(name, Types.fixed(19, 0), false)));
        List<@Nullable Object[]> rows =
                List.<@Nullable Object[]>of(counts.values().toArray());
        return new StatementResult.Rows(type, columns, new ListCursor(rows));
    }

    SqlSession.Description describe(Parser.Parsed parsed) {
        Statement statement = parsed.statement();
        int parameters = parsed.parameters();
        if (statement instanceof Statement.Select select) {
            return transactionless(select, parameters);
        }
        if (statement instanceof Statement.Insert insert) {
            Changes changes = new Changes(queries);
            changes.insert(insert, changes.table(insert.table()));
            return described(StatementType.INSERT, "number of rows inserted", parameters, parameters > 0);
        }
        if (statement instanceof Statement.Update) {
            return described(StatementType.UPDATE, "number of rows updated", parameters, false);
        }
        if (statement instanceof Statement.Delete) {
            return described(StatementType.DELETE, "number of rows deleted", parameters, false);
        }
        if (statement instanceof Statement.Merge) {
            return described(StatementType.MERGE, "number of rows inserted", parameters, false);
        }
        if (statement instanceof Statement.Copy) {
            return new SqlSession.Description(StatementType.COPY, CopyLoader.columns(), parameters, false);
        }
        StatementType type = typeOf(statement);
        return new SqlSession.Description(type, List.of(new Column("status", Types.TEXT, true)), parameters, false);
    }

    private static StatementType typeOf(Statement statement) {
        if (statement instanceof Statement.Show) {
            return StatementType.SHOW;
        }
        if (statement instanceof Statement.Describe) {
            return StatementType.DESCRIBE;
        }
        if (statement instanceof Statement.Use) {
            return StatementType.USE;
        }
        if (statement instanceof Statement.AlterSession) {
            return StatementType.ALTER_SESSION;
        }
        if (statement instanceof Statement.Put) {
            return StatementType.PUT;
        }
        if (statement instanceof Statement.Get) {
            return StatementType.GET;
        }
        if (statement instanceof Statement.ListFiles) {
            return StatementType.LIST;
        }
        if (statement instanceof Statement.RemoveFiles) {
            return StatementType.REMOVE;
        }
        boolean control = statement instanceof Statement.Begin
                || statement instanceof Statement.Commit
                || statement instanceof Statement.Rollback;
        return control ? StatementType.TRANSACTION : StatementType.DDL;
    }

    private SqlSession.Description transactionless(Statement.Select select, int parameters) {
        Bound bound = queries.bind(select.query(), null);
        try (PreparedStatement statement = connection.prepareStatement(Output.sql(bound))) {
            List<Column> columns = Output.columns(bound, statement.getMetaData());
            return new SqlSession.Description(StatementType.SELECT, columns, parameters, false);
        } catch (SQLException e) {
            throw transaction.failure(e);
        }
    }

    private static SqlSession.Description described(StatementType type, String column, int parameters, boolean arrays) {
        List<Column> columns = List.of(new Column(column, Types.fixed(19, 0), false));
        return new SqlSession.Description(type, columns, parameters, arrays);
    }
}
