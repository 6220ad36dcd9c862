package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Parser;
import dev.spindrift.local.warehouse.sql.Script;
import dev.spindrift.local.warehouse.sql.SqlSyntaxException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A session on a DuckDB connection of its own. {@link Executor} runs its statements; it keeps what outlives them. */
final class DuckDbSession implements SqlSession, TableLocks.Owner {
    private static final int REMEMBERED_QUERIES = 100;

    private final DuckDbEngine engine;
    private final Connection connection;
    private final String user;
    private final long id;
    private final Transaction transaction;
    private final Parameters parameters = new Parameters();
    private final Map<Catalog.Key, Catalog.Entry> temporary = new ConcurrentHashMap<>();
    private final Deque<String> queries = new ArrayDeque<>();
    private final ReentrantLock oneAtATime = new ReentrantLock();

    private volatile @Nullable String database;
    private volatile @Nullable String schema;
    private volatile @Nullable String warehouse;
    private volatile @Nullable String role;
    private volatile boolean running;
    private volatile boolean cancelled;
    private volatile boolean closed;
    private volatile long lastUsed = System.nanoTime();
    private volatile @Nullable PreparedStatement current;
    private StatementResult.@Nullable RowCursor open;

    DuckDbSession(DuckDbEngine engine, Connection connection, String user, long id) {
        this.engine = engine;
        this.connection = connection;
        this.user = user;
        this.id = id;
        this.transaction = new Transaction(connection, engine.locks(), this);
    }

    void start(
            @Nullable String wantedDatabase,
            @Nullable String wantedSchema,
            @Nullable String wantedWarehouse,
            @Nullable String wantedRole,
            Map<String, String> wantedParameters)
            throws SQLException {
        Catalog catalog = engine.catalog().current();
        if (wantedDatabase != null && catalog.hasDatabase(wantedDatabase)) {
            database = wantedDatabase;
            String inSchema = wantedSchema == null ? "PUBLIC" : wantedSchema;
            schema = catalog.hasSchema(wantedDatabase, inSchema) ? inSchema : null;
        }
        warehouse = wantedWarehouse;
        role = wantedRole;
        setParameter(Parameters.TIMEZONE, parameters.get(Parameters.TIMEZONE));
        for (Map.Entry<String, String> parameter : wantedParameters.entrySet()) {
            setParameter(parameter.getKey(), parameter.getValue());
        }
    }

    @Override
    public Context context() {
        return new Context(database, schema, warehouse, role);
    }

    @Override
    public Map<String, String> parameters() {
        return parameters.all();
    }

    @Override
    public List<String> split(String script) {
        try {
            return Script.split(script);
        } catch (SqlSyntaxException e) {
            throw Failures.syntax(e);
        }
    }

    @Override
    public Description describe(String statement) {
        return exclusively(() -> {
            Parser.Parsed parsed = parse(statement);
            return new Executor(this, new Binds(List.of(), true)).describe(parsed);
        });
    }

    @Override
    public StatementResult execute(String statement, List<Bind> binds, String queryId) {
        return exclusively(() -> {
            running = true;
            cancelled = false;
            boolean streams = false;
            try {
                Parser.Parsed parsed = parse(statement);
                StatementResult result = new Executor(this, new Binds(binds, false)).execute(parsed.statement());
                StatementResult kept = remember(queryId, result);
                streams = open != null;
                return kept;
            } finally {
                running = streams;
            }
        });
    }

    private <T> T exclusively(java.util.function.Supplier<T> work) {
        oneAtATime.lock();
        try {
            if (closed) {
                throw new SqlFailure("390111", "08003", "Session no longer exists. New login required.");
            }
            closeCursor();
            return work.get();
        } catch (SqlSyntaxException e) {
            throw Failures.syntax(e);
        } catch (SqlFailure e) {
            throw cancelled ? Failures.cancelled() : e;
        } finally {
            current = null;
            lastUsed = System.nanoTime();
            oneAtATime.unlock();
        }
    }

    private static Parser.Parsed parse(String statement) {
        return Parser.parse(statement);
    }

    private StatementResult remember(String queryId, StatementResult result) {
        queries.addFirst(queryId);
        if (queries.size() > REMEMBERED_QUERIES) {
            queries.removeLast();
        }
        if (!(result instanceof StatementResult.Rows rows)) {
            return result;
        }
        StatementResult.RowCursor cursor = engine.results().keeping(queryId, rows.columns(), rows.cursor());
        if (rows.cursor() instanceof DuckDbCursor) {
            open = cursor;
        }
        return new StatementResult.Rows(rows.type(), rows.columns(), cursor);
    }

    /** DuckDB allows one unfinished result per connection: the one before ends when the next statement begins. */
    void closeCursor() {
        StatementResult.RowCursor cursor = open;
        open = null;
        if (cursor != null) {
            cursor.close();
        }
    }

    @Override
    public void cancel() {
        if (!running) {
            return;
        }
        cancelled = true;
        PreparedStatement statement = current;
        try {
            if (statement != null) {
                statement.cancel();
            }
        } catch (SQLException e) {
            // It has ended by itself in this moment: nothing is left to cancel.
        }
        engine.locks().wake();
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void giveWayIfIdle(Duration limit) {
        // Whoever runs a statement is not idle, and is not waited for: the caller holds the locks' monitor.
        if (oneAtATime.tryLock()) {
            try {
                if (open == null && System.nanoTime() - lastUsed > limit.toNanos()) {
                    transaction.rollback();
                }
            } finally {
                oneAtATime.unlock();
            }
        }
    }

    /** The statement that {@link #cancel} ends. */
    void runs(PreparedStatement statement) throws SQLException {
        current = statement;
        if (cancelled) {
            throw Failures.cancelled();
        }
    }

    /** A failure while rows are read. */
    SqlFailure streamFailure(SQLException e) {
        SqlFailure failure = transaction.failure(e);
        return cancelled ? Failures.cancelled() : failure;
    }

    @Override
    public boolean blocksOthers() {
        return engine.locks().awaited(this);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        cancel();
        oneAtATime.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            closeCursor();
            transaction.rollback();
            connection.close();
        } catch (SQLException e) {
            throw Failures.of(e);
        } finally {
            engine.closed(this);
            oneAtATime.unlock();
        }
    }

    void setParameter(String name, String value) throws SQLException {
        if (name.equalsIgnoreCase(Parameters.AUTOCOMMIT)) {
            transaction.setAutocommit(Boolean.parseBoolean(value));
        } else if (name.equalsIgnoreCase(Parameters.TIMEZONE)) {
            try (java.sql.Statement statement = connection.createStatement()) {
                statement.execute("SET TimeZone = " + Sql.string(value));
            }
        } else if (name.equalsIgnoreCase(Parameters.LOCK_TIMEOUT) && !value.matches("\\d{1,9}")) {
            throw new SqlFailure(
                    "001008",
                    "22023",
                    "SQL compilation error:\ninvalid value [" + value + "] for parameter 'LOCK_TIMEOUT'");
        }
        parameters.set(name, value);
    }

    String resetParameter(String name) throws SQLException {
        String value = parameters.reset(name);
        setParameter(name, value);
        return value;
    }

    void use(String newDatabase, @Nullable String newSchema) {
        database = newDatabase;
        schema = newSchema;
    }

    /** Its schema, or its database too, has been dropped. */
    void forget(boolean databaseToo) {
        schema = null;
        database = databaseToo ? null : database;
    }

    void useWarehouse(String name) {
        warehouse = name;
    }

    void useRole(String name) {
        role = name;
    }

    Environment environment(Instant now) {
        return new SessionEnvironment(this, now, database, schema);
    }

    Catalog.@Nullable Entry find(Catalog.Key key) {
        Catalog.Entry entry = temporary.get(key);
        return entry == null ? engine.catalog().current().find(key) : entry;
    }

    @Nullable
    String current(String what) {
        return switch (what) {
            case "WAREHOUSE" -> warehouse;
            case "ROLE" -> role;
            case "USER" -> user;
            case "SESSION" -> String.valueOf(id);
            case "TRANSACTION" -> transaction.open() ? transaction.name() : null;
            default -> null;
        };
    }

    Bound result(String queryId) {
        return engine.results().scan(queryId);
    }

    @Nullable
    String earlierQuery(int distance) {
        Iterator<String> all = queries.iterator();
        for (int i = 1; i < distance && all.hasNext(); i++) {
            all.next();
        }
        return all.hasNext() ? all.next() : null;
    }

    Listings listings(Environment environment) {
        return new Listings(engine.catalog().current(), temporary, environment);
    }

    DuckDbEngine engine() {
        return engine;
    }

    Connection connection() {
        return connection;
    }

    Transaction transaction() {
        return transaction;
    }

    Map<Catalog.Key, Catalog.Entry> temporary() {
        return temporary;
    }

    String user() {
        return user;
    }

    long id() {
        return id;
    }
}
