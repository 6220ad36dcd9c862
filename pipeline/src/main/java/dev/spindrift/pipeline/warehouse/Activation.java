package dev.spindrift.pipeline.warehouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs {@code sql/activate.sql}: {@code SEARCHABLE_CHUNKS} shows another model's vectors from then on. */
public final class Activation {

    private Activation() {}

    /**
     * Makes {@code model} the active one, at one instant for those who search.
     *
     * @throws IllegalStateException if no job has used the model, or chunks would no longer be found
     */
    public static void run(Connection connection, ModelTable model) throws SQLException {
        if (RegisteredModel.find(connection, model).isEmpty()) {
            throw new IllegalStateException("Cannot activate model " + model.modelId() + ": no job has used it. Submit"
                    + " one with this embed.model, and wait until it has caught up.");
        }
        long missing = missing(connection, model);
        if (missing > 0) {
            throw new IllegalStateException("Cannot activate model " + model.modelId() + ": " + missing
                    + " chunks have no vector in " + model.name()
                    + " and would no longer be found. Let its job read their documents again, then try again.");
        }
        Warehouse.runScript(connection, SqlFile.read("activate.sql", model));
    }

    /** How many chunks of live documents the model has no vector for. */
    private static long missing(Connection connection, ModelTable model) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM DOCUMENTS d"
                        + " JOIN CHUNKS c ON c.DOCUMENT_ID = d.DOCUMENT_ID AND c.EDITION = d.EDITION"
                        + " LEFT JOIN " + model.name() + " e ON e.EMBEDDING_KEY = c.EMBEDDING_KEY"
                        + " WHERE NOT d.DELETED AND e.EMBEDDING_KEY IS NULL")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
