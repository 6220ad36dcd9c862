-- Makes a model the active one: SEARCHABLE_CHUNKS then shows its vectors. Run it as the role that ran setup.sql, once the
-- model's table holds a vector for every chunk; `spindrift activate` asks for that first.
-- Written for the built-in model. For another, put its table (MODELS says which) in place of EMBEDDINGS_BUILTIN, as
-- `spindrift activate` does.
-- A CREATE commits, so that this cannot be one transaction. In this order it need not be: a reader sees the old view or
-- the new one, and the model of either is ACTIVE. If it stops halfway, run it again.
UPDATE MODELS SET STATUS = 'ACTIVE' WHERE TABLE_NAME = 'EMBEDDINGS_BUILTIN';
CREATE OR REPLACE VIEW SEARCHABLE_CHUNKS COPY GRANTS AS
  SELECT c.DOCUMENT_ID, c.VERSION, c.POSITION, c.TEXT, c.START_OFFSET, c.END_OFFSET, c.HEADING, c.TOKENS,
         d.URI, d.MEDIA_TYPE, d.METADATA, d.UPDATED_AT, c.EMBEDDING_KEY, e.EMBEDDING
  FROM DOCUMENTS d
  JOIN CHUNKS c ON c.DOCUMENT_ID = d.DOCUMENT_ID AND c.EDITION = d.EDITION
  JOIN EMBEDDINGS_BUILTIN e ON e.EMBEDDING_KEY = c.EMBEDDING_KEY
  JOIN MODELS m ON m.TABLE_NAME = 'EMBEDDINGS_BUILTIN' AND m.STATUS = 'ACTIVE'
  WHERE NOT d.DELETED;
UPDATE MODELS SET STATUS = 'RETIRED' WHERE STATUS = 'ACTIVE' AND TABLE_NAME <> 'EMBEDDINGS_BUILTIN';
