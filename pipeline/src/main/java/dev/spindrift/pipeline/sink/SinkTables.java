package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.warehouse.ErrorCodes;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.RegisteredModel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/**
 * What the sink needs in the warehouse beyond {@code sql/setup.sql}: this job's staging tables, its model's table, and
 * the model's line in {@code MODELS}. Made when the sink starts and outside any transaction, since DDL would end one;
 * what is there stays.
 */
final class SinkTables {
    private final SinkSettings settings;
    private final ModelTable model;

    SinkTables(SinkSettings settings, ModelTable model) {
        this.settings = settings;
        this.model = model;
    }

    void prepare(Connection connection) throws SQLException {
        checkSetup(connection);
        RegisteredModel.find(connection, model);
        try (Statement statement = connection.createStatement()) {
            for (StagedTable table : StagedTable.values()) {
                statement.execute(definition(table));
            }
            statement.execute("CREATE TABLE IF NOT EXISTS " + model.name() + " (EMBEDDING_KEY VARCHAR(32) NOT NULL,"
                    + " EMBEDDING " + model.vectorType() + " NOT NULL, TOKENS NUMBER(10, 0) NOT NULL,"
                    + " PRIMARY KEY (EMBEDDING_KEY))");
        }
        register(connection);
    }

    private String definition(StagedTable table) {
        String columns = table.columns().stream().map(StagedColumn::definition).collect(Collectors.joining(", "));
        return "CREATE TRANSIENT TABLE IF NOT EXISTS " + table.stagingTable(settings.job()) + " (" + columns
                + ", FILE_NAME VARCHAR)";
    }

    private static void checkSetup(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CommitStatements.FENCE_HOLDER)) {
            if (!rows.next()) {
                throw new IllegalStateException("Cannot start the sink: SINK_FENCE is empty. Run sql/setup.sql.");
            }
        } catch (SQLException e) {
            if (e.getErrorCode() == ErrorCodes.MISSING_OBJECT) {
                throw new IllegalStateException(
                        "Cannot start the sink: the tables are not there, or the role may not see them. Run"
                                + " sql/setup.sql, and grant the user the role SPINDRIFT_WRITER.",
                        e);
            }
            throw e;
        }
    }

    /** Under the fence, so that of two jobs that start together only one finds no model active. */
    private void register(Connection connection) throws SQLException {
        if (RegisteredModel.find(connection, model).isPresent()) {
            return;
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO MODELS (MODEL_ID, FINGERPRINT, DIMENSION, TABLE_NAME, STATUS, REGISTERED_AT)"
                                + " VALUES (?, ?, ?, ?, ?, SYSDATE())");
                Statement fence = connection.createStatement()) {
            fence.execute("BEGIN");
            fence.executeUpdate("UPDATE SINK_FENCE SET TAKEN_AT = SYSDATE() WHERE FENCE = 'DOCUMENTS'");
            if (RegisteredModel.find(connection, model).isEmpty()) {
                insert.setString(1, model.modelId());
                insert.setString(2, model.fingerprint());
                insert.setInt(3, model.dimension());
                insert.setString(4, model.name());
                insert.setString(5, anyActive(connection) ? "BUILDING" : "ACTIVE");
                insert.executeUpdate();
            }
            connection.commit();
        } catch (SQLException | RuntimeException failure) {
            connection.rollback();
            throw failure;
        }
    }

    private static boolean anyActive(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM MODELS WHERE STATUS = 'ACTIVE'")) {
            return rows.next() && rows.getLong(1) > 0;
        }
    }
}
