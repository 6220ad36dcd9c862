package dev.spindrift.pipeline.warehouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A distinct text of {@code SEARCHABLE_CHUNKS}.
 *
 * @param key what its vector is stored under, whatever the model
 * @param documentIds the documents that it is a chunk of
 */
public record SearchableText(String key, String text, List<String> documentIds) {

    /** All of them, in the order of their keys. */
    public static List<SearchableText> readAll(Connection connection) throws SQLException {
        List<SearchableText> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT EMBEDDING_KEY, DOCUMENT_ID, MIN(TEXT) AS TEXT"
                        + " FROM SEARCHABLE_CHUNKS GROUP BY EMBEDDING_KEY, DOCUMENT_ID ORDER BY 1, 2")) {
            SearchableText current = null;
            while (rows.next()) {
                String key = rows.getString(1);
                if (current == null || !current.key.equals(key)) {
                    current = new SearchableText(key, rows.getString(3), new ArrayList<>());
                    texts.add(current);
                }
                current.documentIds.add(rows.getString(2));
            }
        }
        return texts;
    }
}
