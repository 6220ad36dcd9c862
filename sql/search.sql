-- The chunks nearest to a query vector, nearest first. Binds, in order:
--   1  the query vector as JSON text, such as [0.12, -0.04, ...], made by the active model
--   2  the name of a metadata field that a document must carry, or NULL for any document
--   3  the value that the field must have, as text
--   4  how many rows
-- Written for the built-in model. For another, put its dimension in place of 256, as `spindrift search` does.
SELECT s.DOCUMENT_ID, s.POSITION, s.HEADING, s.TEXT, s.URI,
       VECTOR_COSINE_SIMILARITY(s.EMBEDDING, q.EMBEDDING) AS SIMILARITY
FROM SEARCHABLE_CHUNKS s
CROSS JOIN (
  SELECT PARSE_JSON(?)::ARRAY::VECTOR(FLOAT, 256) AS EMBEDDING, ?::VARCHAR AS FIELD, ?::VARCHAR AS FIELD_VALUE
) q
WHERE q.FIELD IS NULL OR GET(s.METADATA, q.FIELD)::VARCHAR = q.FIELD_VALUE
ORDER BY SIMILARITY DESC, s.DOCUMENT_ID, s.POSITION
LIMIT ?;
