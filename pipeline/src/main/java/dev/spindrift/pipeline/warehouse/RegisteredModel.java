package dev.spindrift.pipeline.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A model's line in {@code MODELS}.
 *
 * @param fingerprint of the model whose vectors its table holds
 * @param status {@code BUILDING}, {@code ACTIVE} or {@code RETIRED}
 */
public record RegisteredModel(String fingerprint, int dimension, String status) {

    /**
     * The line of {@code model}'s table; empty if no job has used it yet.
     *
     * @throws IllegalStateException if the table holds the vectors of another model
     */
    public static Optional<RegisteredModel> find(Connection connection, ModelTable model) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT FINGERPRINT, DIMENSION, STATUS FROM MODELS WHERE TABLE_NAME = ?")) {
            query.setString(1, model.name());
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                RegisteredModel found = new RegisteredModel(rows.getString(1), rows.getInt(2), rows.getString(3));
                found.check(model);
                return Optional.of(found);
            }
        }
    }

    private void check(ModelTable model) {
        if (!fingerprint.equals(model.fingerprint()) || dimension != model.dimension()) {
            throw new IllegalStateException("Cannot use " + model.name() + " for the model " + model.modelId()
                    + ": it holds the vectors of another model (fingerprint " + fingerprint + ", dimension " + dimension
                    + "; this one has " + model.fingerprint() + ", " + model.dimension()
                    + "). Give this model another name in embed.model, or drop the table and its line in MODELS and"
                    + " process the documents again.");
        }
    }
}
