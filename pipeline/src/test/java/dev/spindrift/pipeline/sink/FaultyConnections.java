package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.warehouse.ConnectionSource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections of which one breaks, once, at the n-th thing that it is asked to do. */
final class FaultyConnections implements ConnectionSource {

    /** How it breaks. */
    enum Kind {
        /** The statement never reaches the warehouse, which answers with a passing error. */
        REFUSED,
        /** The statement has its effect, and then the session is gone: nobody hears the answer. */
        LOST_AFTER
    }

    private final ConnectionSource real;
    private final int breaking;
    private final Kind kind;
    private final AtomicInteger statements = new AtomicInteger();

    FaultyConnections(ConnectionSource real, int breaking, Kind kind) {
        this.real = real;
        this.breaking = breaking;
        this.kind = kind;
    }

    /** How many statements, commits and rollbacks were asked for. */
    int statements() {
        return statements.get();
    }

    boolean broke() {
        return statements.get() >= breaking;
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = real.open();
        return wrap(Connection.class, (proxy, method, args) -> {
            Object result = "commit".equals(method.getName()) || "rollback".equals(method.getName())
                    ? counted(connection, () -> call(connection, method, args))
                    : call(connection, method, args);
            if (result instanceof PreparedStatement statement) {
                return wrapped(connection, statement, PreparedStatement.class);
            }
            return result instanceof Statement statement ? wrapped(connection, statement, Statement.class) : result;
        });
    }

    private <T extends Statement> T wrapped(Connection connection, Statement statement, Class<T> type) {
        return wrap(
                type,
                (proxy, method, args) -> method.getName().startsWith("execute")
                        ? counted(connection, () -> call(statement, method, args))
                        : call(statement, method, args));
    }

    private interface Call {
        Object run() throws Throwable;
    }

    private Object counted(Connection connection, Call call) throws Throwable {
        if (statements.incrementAndGet() != breaking) {
            return call.run();
        }
        switch (kind) {
            case REFUSED -> throw new SQLException("too many waiters", "57014", 625);
            case LOST_AFTER -> {
                call.run();
                connection.close();
            }
        }
        throw new SQLException("connection reset", "08001", 200002);
    }

    private static Object call(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T wrap(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
