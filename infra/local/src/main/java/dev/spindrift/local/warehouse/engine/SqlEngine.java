package dev.spindrift.local.warehouse.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snowflake's statements over one DuckDB file. */
public interface SqlEngine extends AutoCloseable {

    /**
     * A new session.
     *
     * @param parameters session parameters that the client asked for, such as AUTOCOMMIT
     */
    SqlSession openSession(
            String user,
            @Nullable String database,
            @Nullable String schema,
            @Nullable String warehouse,
            @Nullable String role,
            Map<String, String> parameters)
            throws SqlFailure;

    /** Ends all sessions and writes everything that was committed. */
    @Override
    void close();
}
