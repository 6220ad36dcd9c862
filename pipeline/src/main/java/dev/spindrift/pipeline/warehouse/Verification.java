package dev.spindrift.pipeline.warehouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import net.snowflake.client.api.statement.SnowflakeStatement;

/** Runs {@code sql/verify.sql}: the five invariants, asked of the tables alone. */
public final class Verification {

    private Verification() {}

    /**
     * What breaks each invariant, counted; all are 0 when the tables are whole.
     *
     * @return by the invariant's name, in the order of the file
     */
    public static Map<String, Long> run(Connection connection, ModelTable model) throws SQLException {
        Map<String, Long> broken = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.unwrap(SnowflakeStatement.class).setParameter("MULTI_STATEMENT_COUNT", 0);
            boolean rows = statement.execute(SqlFile.read("verify.sql", model));
            while (rows) {
                try (ResultSet result = statement.getResultSet()) {
                    result.next();
                    broken.put(result.getMetaData().getColumnLabel(1), result.getLong(1));
                }
                rows = statement.getMoreResults();
            }
        }
        return broken;
    }
}
