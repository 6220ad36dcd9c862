package dev.spindrift.local.warehouse.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client's session with the engine: its current database, schema, role and warehouse, its parameters, and its
 * open transaction. Runs one statement at a time; {@link #cancel} and {@link #close} may come from another thread.
 */
public interface SqlSession extends AutoCloseable {

    /** What a statement would take and give, without running it. */
    record Description(StatementType type, List<Column> columns, int numberOfBinds, boolean arrayBindSupported) {}

    /** The session's current names; null where none is set. */
    record Context(
            @Nullable String database,
            @Nullable String schema,
            @Nullable String warehouse,
            @Nullable String role) {}

    Context context();

    /** The session's parameters by upper-case name, AUTOCOMMIT among them. */
    Map<String, String> parameters();

    /** The statements of a script, cut at the semicolons between them. */
    List<String> split(String script) throws SqlFailure;

    Description describe(String statement) throws SqlFailure;

    /**
     * Runs one statement.
     *
     * @param binds for {@code ?} in order; empty if there are none
     * @param queryId what RESULT_SCAN and LAST_QUERY_ID will know it by
     */
    StatementResult execute(String statement, List<Bind> binds, String queryId) throws SqlFailure;

    /** Ends the statement that is running, which then fails with 000604 / 57014; nothing if none is. */
    void cancel();

    /** Whether other sessions wait for a table that this one's open transaction has locked. */
    boolean blocksOthers();

    /** Rolls back what is open. */
    @Override
    void close();
}
