-- The five invariants. Each statement counts what breaks one and names it in its column; 0 is what it should say.
-- Written for the built-in model. For another, put its table (MODELS says which) in place of EMBEDDINGS_BUILTIN, as
-- `spindrift verify` does.

-- 1. Each live document has exactly CHUNKS chunk rows of its current edition, positions 0 to n-1, each once.
SELECT COUNT(*) AS "documents whose chunks are not complete"
FROM (
  SELECT d.DOCUMENT_ID
  FROM DOCUMENTS d
  LEFT JOIN CHUNKS c ON c.DOCUMENT_ID = d.DOCUMENT_ID AND c.EDITION = d.EDITION
  WHERE NOT d.DELETED
  GROUP BY d.DOCUMENT_ID, d.CHUNKS
  HAVING COUNT(c.POSITION) <> d.CHUNKS
      OR COUNT(DISTINCT c.POSITION) <> d.CHUNKS
      OR COALESCE(MIN(c.POSITION), 0) <> 0
      OR COALESCE(MAX(c.POSITION), -1) <> d.CHUNKS - 1
);

-- 2. Each chunk row has exactly one vector.
SELECT COUNT(*) AS "chunks without exactly one vector"
FROM (
  SELECT c.DOCUMENT_ID, c.EDITION, c.POSITION
  FROM CHUNKS c
  LEFT JOIN EMBEDDINGS_BUILTIN e ON e.EMBEDDING_KEY = c.EMBEDDING_KEY
  GROUP BY c.DOCUMENT_ID, c.EDITION, c.POSITION
  HAVING COUNT(e.EMBEDDING_KEY) <> 1
);

-- 3. No key stands twice among the vectors.
SELECT COUNT(*) AS "keys with more than one vector"
FROM (SELECT EMBEDDING_KEY FROM EMBEDDINGS_BUILTIN GROUP BY EMBEDDING_KEY HAVING COUNT(*) > 1);

-- 4. One row per document, and no chunks of an older edition beside it nor of a deleted document.
SELECT COUNT(*) AS "documents that stand twice or keep replaced chunks"
FROM (
  SELECT DOCUMENT_ID FROM DOCUMENTS GROUP BY DOCUMENT_ID HAVING COUNT(*) > 1
  UNION
  SELECT d.DOCUMENT_ID
  FROM DOCUMENTS d
  JOIN CHUNKS c ON c.DOCUMENT_ID = d.DOCUMENT_ID AND c.EDITION <> d.EDITION
  WHERE c.VERSION < d.VERSION OR (c.VERSION = d.VERSION AND c.SEQUENCE <= d.SEQUENCE)
);

-- 5. The ledger holds each staged file once.
SELECT COUNT(*) AS "files that stand twice in the ledger"
FROM (SELECT FILE_NAME FROM SINK_LEDGER GROUP BY FILE_NAME HAVING COUNT(*) > 1);
