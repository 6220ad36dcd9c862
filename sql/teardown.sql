-- Takes away what setup.sql made, with all its data. There is no way back once retention has passed.
DROP DATABASE IF EXISTS SPINDRIFT;
DROP WAREHOUSE IF EXISTS SPINDRIFT_WH;
DROP ROLE IF EXISTS SPINDRIFT_READER;
DROP ROLE IF EXISTS SPINDRIFT_WRITER;
