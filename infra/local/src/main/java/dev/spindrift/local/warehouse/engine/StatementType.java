package dev.spindrift.local.warehouse.engine;

/** What a statement is, by the number that tells Snowflake's drivers how to read its result. */
public enum StatementType {
    SELECT(4096),
    INSERT(12544),
    UPDATE(12800),
    DELETE(13056),
    MERGE(13312),
    MULTI_STATEMENT(40960),
    COPY(13824),
    ALTER_SESSION(16640),
    USE(17152),
    SHOW(17408),
    DESCRIBE(17664),
    LIST(18177),
    TRANSACTION(20480),
    DDL(24576),
    GET(28929),
    PUT(28930),
    REMOVE(28931);

    private final long id;

    StatementType(long id) {
        this.id = id;
    }

    public long id() {
        return id;
    }
}
