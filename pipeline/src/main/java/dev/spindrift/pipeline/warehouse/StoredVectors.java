package dev.spindrift.pipeline.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Vectors read back from a model's table, exactly as they were written. */
public final class StoredVectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredVectors() {}

    /**
     * The vectors of {@code model}, by the keys of their texts, as far as {@code SEARCHABLE_CHUNKS} names these.
     *
     * @return empty if no job has used the model yet
     * @throws OtherVectorsException if its table holds the vectors of another model
     */
    public static Map<String, float[]> searchable(Connection connection, ModelTable model) throws SQLException {
        Map<String, float[]> vectors = new HashMap<>();
        if (RegisteredModel.find(connection, model).isEmpty()) {
            return vectors;
        }
        // As an array, since the driver writes a VECTOR with six decimals.
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT EMBEDDING_KEY, EMBEDDING::ARRAY FROM " + model.name()
                        + " WHERE EMBEDDING_KEY IN (SELECT EMBEDDING_KEY FROM SEARCHABLE_CHUNKS)")) {
            while (rows.next()) {
                vectors.put(rows.getString(1), JSON.readValue(rows.getString(2), float[].class));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Cannot read the vectors of " + model.name() + ": one is not an array of numbers.", e);
        }
        return vectors;
    }
}
