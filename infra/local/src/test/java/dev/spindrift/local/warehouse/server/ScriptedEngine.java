package dev.spindrift.local.warehouse.server;

import dev.spindrift.local.warehouse.engine.Bind;
import dev.spindrift.local.warehouse.engine.Column;
import dev.spindrift.local.warehouse.engine.ColumnType;
import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.engine.SqlEngine;
import dev.spindrift.local.warehouse.engine.SqlFailure;
import dev.spindrift.local.warehouse.engine.SqlSession;
import dev.spindrift.local.warehouse.engine.StatementResult;
import dev.spindrift.local.warehouse.engine.StatementType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An engine whose statements do what a test wrote for them; every other statement counts as a DML of one row. */
final class ScriptedEngine implements SqlEngine {
    /** The statements that were run, in order. */
    final List<String> executed = new CopyOnWriteArrayList<>();

    /** The binds of the statement that was run last. */
    volatile List<Bind> binds = List.of();

    /** Lets one statement {@code WAIT} end. */
    final Semaphore go = new Semaphore(0);

    /** How many statements {@code WAIT} have begun. */
    final CountDownLatch waiting = new CountDownLatch(1);

    /** Whether its sessions keep others waiting. */
    volatile boolean blocking;

    volatile boolean closed;
    private final Map<String, Function<String, StatementResult>> scripts = new ConcurrentHashMap<>();
    private final Map<String, Function<String, StatementResult>> prefixes = new ConcurrentHashMap<>();

    ScriptedEngine on(String statement, Function<String, StatementResult> script) {
        scripts.put(statement, script);
        return this;
    }

    ScriptedEngine onAny(String prefix, Function<String, StatementResult> script) {
        prefixes.put(prefix, script);
        return this;
    }

    private @Nullable Function<String, StatementResult> script(String statement) {
        for (Map.Entry<String, Function<String, StatementResult>> entry : prefixes.entrySet()) {
            if (statement.startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return scripts.get(statement);
    }

    /** Takes a while, unless it is let go before. */
    void pause(Duration time) {
        try {
            if (go.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
                go.release();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static StatementResult rows(List<Column> columns, Iterator<Object[]> rows) {
        return new StatementResult.Rows(StatementType.SELECT, columns, cursor(rows));
    }

    static Column column(String name, Kind kind, int scale, int length) {
        return new Column(name, new ColumnType(kind, kind == Kind.FIXED ? 38 : 0, scale, length, false), true);
    }

    private static StatementResult.RowCursor cursor(Iterator<Object[]> rows) {
        return new StatementResult.RowCursor() {
            @Override
            public @Nullable Object @Nullable [] next() {
                return rows.hasNext() ? rows.next() : null;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public SqlSession openSession(
            String user,
            @Nullable String database,
            @Nullable String schema,
            @Nullable String warehouse,
            @Nullable String role,
            Map<String, String> parameters) {
        return new ScriptedSession(database, schema, warehouse, role, parameters);
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class ScriptedSession implements SqlSession {
        private final Context context;
        private final Map<String, String> parameters = new ConcurrentHashMap<>();
        private volatile boolean cancelled;

        ScriptedSession(
                @Nullable String database,
                @Nullable String schema,
                @Nullable String warehouse,
                @Nullable String role,
                Map<String, String> given) {
            context = new Context(database, schema, warehouse, role);
            parameters.put("AUTOCOMMIT", "true");
            parameters.putAll(given);
        }

        @Override
        public Context context() {
            return context;
        }

        @Override
        public Map<String, String> parameters() {
            return Map.copyOf(parameters);
        }

        @Override
        public List<String> split(String script) {
            return Arrays.stream(script.split(";", -1))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        }

        @Override
        public Description describe(String statement) {
            int binds = (int) statement.chars().filter(c -> c == '?').count();
            boolean insert = statement.startsWith("insert");
            return new Description(
                    insert ? StatementType.INSERT : StatementType.SELECT,
                    List.of(column("N", Kind.FIXED, 0, 0)),
                    binds,
                    insert);
        }

        @Override
        public StatementResult execute(String statement, List<Bind> given, String queryId) {
            executed.add(statement);
            binds = given;
            if (statement.equals("WAIT")) {
                return await();
            }
            Function<String, StatementResult> script = script(statement);
            if (script != null) {
                return script.apply(statement);
            }
            if (statement.startsWith("alter session")) {
                int equals = statement.indexOf('=');
                String name = statement.substring(statement.indexOf(" set ") + 5, equals);
                parameters.put(
                        name.strip().toUpperCase(Locale.ROOT),
                        statement.substring(equals + 1).strip());
                return new StatementResult.SessionChanged(Map.of());
            }
            long count = given.isEmpty() ? 1 : given.get(0).values().size();
            return new StatementResult.Rows(
                    StatementType.INSERT,
                    List.of(column("number of rows inserted", Kind.FIXED, 0, 0)),
                    cursor(List.<Object[]>of(new Object[] {count}).iterator()));
        }

        private StatementResult await() {
            waiting.countDown();
            try {
                while (!go.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                    if (cancelled) {
                        cancelled = false;
                        throw new SqlFailure("000604", "57014", "SQL execution canceled");
                    }
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return rows(
                    List.of(column("WAITED", Kind.TEXT, 0, 10)),
                    List.<Object[]>of(new Object[] {"long"}).iterator());
        }

        @Override
        public boolean blocksOthers() {
            return blocking;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void close() {}
    }
}
