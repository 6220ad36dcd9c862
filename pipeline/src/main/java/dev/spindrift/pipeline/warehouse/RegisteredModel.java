package dev.spindrift.pipeline.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's line in {@code MODELS}.
 *
 * @param fingerprint of the model whose vectors its table holds
 * @param status {@code BUILDING}, {@code ACTIVE} or {@code RETIRED}
 * @param golden what its golden texts gave when it was registered; null if that is to be found out again
 */
public record RegisteredModel(
        String fingerprint,
        int dimension,
        String precision,
        String status,
        @Nullable GoldenVectors golden) {

    /**
     * The line of {@code model}'s table; empty if no job has used it yet.
     *
     * @throws OtherVectorsException if the table holds the vectors of another model
     */
    public static Optional<RegisteredModel> find(Connection connection, ModelTable model) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT FINGERPRINT, DIMENSION, PRECISION, STATUS, GOLDEN FROM MODELS WHERE TABLE_NAME = ?")) {
            query.setString(1, model.name());
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                String golden = rows.getString(5);
                RegisteredModel found = new RegisteredModel(
                        rows.getString(1),
                        rows.getInt(2),
                        rows.getString(3),
                        rows.getString(4),
                        golden == null ? null : GoldenVectors.parse(golden));
                found.check(model);
                return Optional.of(found);
            }
        }
    }

    /** Whether {@code SEARCHABLE_CHUNKS} shows its vectors. */
    public boolean isActive() {
        return status.equals("ACTIVE");
    }

    private void check(ModelTable model) {
        if (!fingerprint.equals(model.fingerprint()) || dimension != model.dimension()) {
            throw new OtherVectorsException("Cannot use " + model.name() + " for the model " + model.modelId()
                    + ": it holds the vectors of another model ("
                    + (golden == null ? "" : "made by " + golden.madeBy() + ", ") + "fingerprint " + fingerprint
                    + ", dimension " + dimension
                    + ", " + precision + "; this one has " + model.fingerprint() + ", " + model.dimension() + ", "
                    + model.precision()
                    + "). Give this model another name in embed.model, or drop the table and its line in MODELS and"
                    + " process the documents again.");
        }
    }
}
