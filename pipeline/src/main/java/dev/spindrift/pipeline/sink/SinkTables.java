package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.warehouse.ErrorCodes;
import dev.spindrift.pipeline.warehouse.GoldenVectors;
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

    /**
     * @param golden what the model makes of the golden texts here
     * @throws OtherVectorsException if the model's table holds other vectors than the model makes here
     */
    void prepare(Connection connection, GoldenVectors golden) throws SQLException {
        checkSetup(connection);
        boolean registered = isRegistered(connection, golden);
        try (Statement statement = connection.createStatement()) {
            for (StagedTable table : StagedTable.values()) {
                statement.execute(definition(table));
            }
            statement.execute("CREATE TABLE IF NOT EXISTS " + model.name() + " (EMBEDDING_KEY VARCHAR(32) NOT NULL,"
                    + " EMBEDDING " + model.vectorType() + " NOT NULL, TOKENS NUMBER(10, 0) NOT NULL,"
                    + " PRIMARY KEY (EMBEDDING_KEY))");
        }
        if (!registered) {
            register(connection, golden);
        }
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

    /** Whether the model's line is there and whole; refuses that of other vectors. */
    private boolean isRegistered(Connection connection, GoldenVectors golden) throws SQLException {
        GoldenVectors before = RegisteredModel.find(connection, model)
                .map(RegisteredModel::golden)
                .orElse(null);
        if (before != null) {
            golden.check(before, model);
        }
        return before != null;
    }

    /** Under the fence, so that of two jobs that start together only one finds no model active. */
    private void register(Connection connection, GoldenVectors golden) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement fence = connection.createStatement()) {
            fence.execute("BEGIN");
            fence.executeUpdate("UPDATE SINK_FENCE SET TAKEN_AT = SYSDATE() WHERE FENCE = 'DOCUMENTS'");
            if (!isRegistered(connection, golden) && !giveGolden(connection, golden)) {
                insert(connection, golden);
            }
            connection.commit();
        } catch (SQLException | RuntimeException failure) {
            connection.rollback();
            throw failure;
        }
    }

    /** Completes the model's line; false if there is none. */
    private boolean giveGolden(Connection connection, GoldenVectors golden) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE MODELS SET GOLDEN = ? WHERE TABLE_NAME = ?")) {
            update.setString(1, golden.json());
            update.setString(2, model.name());
            return update.executeUpdate() > 0;
        }
    }

    private void insert(Connection connection, GoldenVectors golden) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO MODELS (MODEL_ID, FINGERPRINT,"
                + " DIMENSION, PRECISION, TABLE_NAME, STATUS, GOLDEN, REGISTERED_AT)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, SYSDATE())")) {
            insert.setString(1, model.modelId());
            insert.setString(2, model.fingerprint());
            insert.setInt(3, model.dimension());
            insert.setString(4, model.precision().toString());
            insert.setString(5, model.name());
            insert.setString(6, anyActive(connection) ? "BUILDING" : "ACTIVE");
            insert.setString(7, golden.json());
            insert.executeUpdate();
        }
    }

    private static boolean anyActive(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM MODELS WHERE STATUS = 'ACTIVE'")) {
            return rows.next() && rows.getLong(1) > 0;
        }
    }
}
