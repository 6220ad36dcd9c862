-- Everything Spindrift needs in an account, once. Run it as a role that may create roles, warehouses and databases.
-- It may be run again: what is there stays as it is.

CREATE ROLE IF NOT EXISTS SPINDRIFT_WRITER COMMENT = 'The Spindrift job: writes the tables of SPINDRIFT.PUBLIC';
CREATE ROLE IF NOT EXISTS SPINDRIFT_READER COMMENT = 'Searches SPINDRIFT.PUBLIC.SEARCHABLE_CHUNKS';

CREATE WAREHOUSE IF NOT EXISTS SPINDRIFT_WH
  WAREHOUSE_SIZE = 'XSMALL' AUTO_SUSPEND = 60 AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE;

CREATE DATABASE IF NOT EXISTS SPINDRIFT;
CREATE SCHEMA IF NOT EXISTS SPINDRIFT.PUBLIC;
USE SCHEMA SPINDRIFT.PUBLIC;

-- Parquet files on their way into the tables.
CREATE STAGE IF NOT EXISTS SPINDRIFT_STAGE;

-- One row per document. A document changes edition in this one row, and so all its chunks at one instant.
CREATE TABLE IF NOT EXISTS DOCUMENTS (
  DOCUMENT_ID   VARCHAR       NOT NULL,
  VERSION       NUMBER(38, 0) NOT NULL,  -- the record's own, else its timestamp in milliseconds
  SEQUENCE      NUMBER(38, 0) NOT NULL,  -- the record's place in its source; orders records of one version
  EDITION       VARCHAR(32)   NOT NULL,  -- hash of version, sequence, content and chunker
  DELETED       BOOLEAN       NOT NULL,  -- a deleted document keeps its row, so that no older version brings it back
  CHUNKS        NUMBER(10, 0) NOT NULL,
  TOKENS        NUMBER(19, 0) NOT NULL,
  URI           VARCHAR,
  MEDIA_TYPE    VARCHAR       NOT NULL,
  METADATA      VARIANT,
  CONTENT_HASH  VARCHAR(32)   NOT NULL,
  CHUNKER       VARCHAR(32)   NOT NULL,  -- fingerprint of the chunking settings
  SOURCE        VARIANT       NOT NULL,  -- {"topic", "partition", "offset"}
  UPDATED_AT    TIMESTAMP_NTZ NOT NULL,
  CHECKPOINT_ID NUMBER(19, 0) NOT NULL,
  PRIMARY KEY (DOCUMENT_ID)
);

-- One row per chunk of one edition of a document.
CREATE TABLE IF NOT EXISTS CHUNKS (
  DOCUMENT_ID   VARCHAR       NOT NULL,
  VERSION       NUMBER(38, 0) NOT NULL,
  SEQUENCE      NUMBER(38, 0) NOT NULL,
  EDITION       VARCHAR(32)   NOT NULL,
  POSITION      NUMBER(10, 0) NOT NULL,
  TEXT          VARCHAR       NOT NULL,
  START_OFFSET  NUMBER(10, 0) NOT NULL,  -- in characters, as SUBSTR counts them, from 0
  END_OFFSET    NUMBER(10, 0) NOT NULL,
  HEADING       VARCHAR       NOT NULL,
  TOKENS        NUMBER(10, 0) NOT NULL,
  EMBEDDING_KEY VARCHAR(32)   NOT NULL,
  PRIMARY KEY (DOCUMENT_ID, EDITION, POSITION)
);

-- One row per distinct text, for the built-in model. A job with another model makes that model's table.
CREATE TABLE IF NOT EXISTS EMBEDDINGS_BUILTIN (
  EMBEDDING_KEY VARCHAR(32)         NOT NULL,
  EMBEDDING     VECTOR(FLOAT, 256)  NOT NULL,
  TOKENS        NUMBER(10, 0)       NOT NULL,
  PRIMARY KEY (EMBEDDING_KEY)
);

CREATE TABLE IF NOT EXISTS MODELS (
  MODEL_ID      VARCHAR       NOT NULL,
  FINGERPRINT   VARCHAR       NOT NULL,
  DIMENSION     NUMBER(10, 0) NOT NULL,
  PRECISION     VARCHAR       NOT NULL,  -- fp32, bf16, fp16, int8
  TABLE_NAME    VARCHAR       NOT NULL,
  STATUS        VARCHAR       NOT NULL,  -- BUILDING, ACTIVE, RETIRED
  GOLDEN        VARCHAR,                 -- JSON: vectors of fixed texts, compared at each start; NULL to take them anew
  REGISTERED_AT TIMESTAMP_NTZ NOT NULL,
  PRIMARY KEY (TABLE_NAME)
);

-- What cannot become a document, with its reason and where it came from.
CREATE TABLE IF NOT EXISTS REJECTED_DOCUMENTS (
  REJECTION_KEY    VARCHAR(32)   NOT NULL,  -- hash of source, stage and position
  DOCUMENT_ID      VARCHAR,
  VERSION          NUMBER(38, 0),
  EDITION          VARCHAR(32),
  POSITION         NUMBER(10, 0),
  STAGE            VARCHAR       NOT NULL,  -- source, chunk or embed
  REASON           VARCHAR       NOT NULL,
  PAYLOAD          VARCHAR,
  PAYLOAD_ENCODING VARCHAR(8),              -- utf-8, or base64 for bytes that are not
  PAYLOAD_BYTES    NUMBER(19, 0) NOT NULL,  -- of the whole record; PAYLOAD holds the first 8 MiB
  SOURCE           VARIANT       NOT NULL,
  REJECTED_AT      TIMESTAMP_NTZ NOT NULL,
  CHECKPOINT_ID    NUMBER(19, 0) NOT NULL,
  PRIMARY KEY (REJECTION_KEY)
);

-- The row that a committer locks first, so that committers of the same tables take turns.
CREATE TABLE IF NOT EXISTS SINK_FENCE (
  FENCE         VARCHAR       NOT NULL,
  JOB           VARCHAR,
  CHECKPOINT_ID NUMBER(19, 0),
  HOLDER        VARCHAR,                    -- of the attempt that took it last
  TAKEN_AT      TIMESTAMP_NTZ,
  PRIMARY KEY (FENCE)
);
INSERT INTO SINK_FENCE (FENCE)
  SELECT 'DOCUMENTS' WHERE NOT EXISTS (SELECT 1 FROM SINK_FENCE WHERE FENCE = 'DOCUMENTS');

-- Which staged files are in the tables.
CREATE TABLE IF NOT EXISTS SINK_LEDGER (
  FILE_NAME     VARCHAR       NOT NULL,
  JOB           VARCHAR       NOT NULL,
  TABLE_NAME    VARCHAR       NOT NULL,
  ROW_COUNT     NUMBER(19, 0) NOT NULL,
  CHECKPOINT_ID NUMBER(19, 0) NOT NULL,
  COMMITTED_AT  TIMESTAMP_NTZ NOT NULL,
  PRIMARY KEY (FILE_NAME)
);

-- What people query: the chunks of each live document's current edition, with the active model's vectors. Written for
-- the built-in model, as the table above; `spindrift setup` puts that of embed.model in its place. activate.sql makes
-- another model active later.
CREATE VIEW IF NOT EXISTS SEARCHABLE_CHUNKS AS
  SELECT c.DOCUMENT_ID, c.VERSION, c.POSITION, c.TEXT, c.START_OFFSET, c.END_OFFSET, c.HEADING, c.TOKENS,
         d.URI, d.MEDIA_TYPE, d.METADATA, d.UPDATED_AT, c.EMBEDDING_KEY, e.EMBEDDING
  FROM DOCUMENTS d
  JOIN CHUNKS c ON c.DOCUMENT_ID = d.DOCUMENT_ID AND c.EDITION = d.EDITION
  JOIN EMBEDDINGS_BUILTIN e ON e.EMBEDDING_KEY = c.EMBEDDING_KEY
  JOIN MODELS m ON m.TABLE_NAME = 'EMBEDDINGS_BUILTIN' AND m.STATUS = 'ACTIVE'
  WHERE NOT d.DELETED;

GRANT USAGE ON WAREHOUSE SPINDRIFT_WH TO ROLE SPINDRIFT_WRITER;
GRANT USAGE ON WAREHOUSE SPINDRIFT_WH TO ROLE SPINDRIFT_READER;
GRANT USAGE ON DATABASE SPINDRIFT TO ROLE SPINDRIFT_WRITER;
GRANT USAGE ON DATABASE SPINDRIFT TO ROLE SPINDRIFT_READER;
GRANT USAGE ON SCHEMA SPINDRIFT.PUBLIC TO ROLE SPINDRIFT_WRITER;
GRANT USAGE ON SCHEMA SPINDRIFT.PUBLIC TO ROLE SPINDRIFT_READER;
-- For a job's own staging tables and another model's table.
GRANT CREATE TABLE ON SCHEMA SPINDRIFT.PUBLIC TO ROLE SPINDRIFT_WRITER;
GRANT READ, WRITE ON STAGE SPINDRIFT.PUBLIC.SPINDRIFT_STAGE TO ROLE SPINDRIFT_WRITER;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA SPINDRIFT.PUBLIC TO ROLE SPINDRIFT_WRITER;
GRANT SELECT ON VIEW SPINDRIFT.PUBLIC.SEARCHABLE_CHUNKS TO ROLE SPINDRIFT_WRITER;
GRANT SELECT ON VIEW SPINDRIFT.PUBLIC.SEARCHABLE_CHUNKS TO ROLE SPINDRIFT_READER;
