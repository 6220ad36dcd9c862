package dev.spindrift.pipeline.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@code sql/search.sql}: the chunks nearest to a query's vector. */
public final class Search {

    /**
     * A metadata field that a document must carry, and its value.
     */
    public record Filter(String field, String value) {}

    /**
     * A chunk that was found.
     *
     * @param heading the headings above it, empty if there are none
     * @param similarity cosine of its vector and the query's, 1 for the same direction
     */
    public record Hit(
            String documentId,
            int position,
            String heading,
            String text,
            @Nullable String uri,
            double similarity) {}

    private Search() {}

    /**
     * The nearest chunks, nearest first.
     *
     * @param vector what the active model makes of the query
     * @param filter null for any document
     * @param limit how many at most
     */
    public static List<Hit> run(
            Connection connection, ModelTable model, float[] vector, @Nullable Filter filter, int limit)
            throws SQLException {
        if (vector.length != model.dimension()) {
            throw new IllegalArgumentException("Cannot search " + model.name() + " with a vector of " + vector.length
                    + " numbers: it holds vectors of " + model.dimension() + ". Embed the query with the model "
                    + model.modelId() + ".");
        }
        List<Hit> hits = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(SqlFile.read("search.sql", model))) {
            query.setString(1, json(vector));
            query.setString(2, filter == null ? null : filter.field());
            query.setString(3, filter == null ? null : filter.value());
            query.setInt(4, limit);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    hits.add(new Hit(
                            rows.getString("DOCUMENT_ID"),
                            rows.getInt("POSITION"),
                            rows.getString("HEADING"),
                            rows.getString("TEXT"),
                            rows.getString("URI"),
                            rows.getDouble("SIMILARITY")));
                }
            }
        }
        return hits;
    }

    private static String json(float[] vector) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < vector.length; i++) {
            text.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return text.append(']').toString();
    }
}
