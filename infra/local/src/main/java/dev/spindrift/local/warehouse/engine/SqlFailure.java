package dev.spindrift.local.warehouse.engine;

/** A statement that Snowflake would refuse or fail, with Snowflake's error code and SQLState. */
public final class SqlFailure extends RuntimeException {
    private final String code;
    private final String sqlState;

    /**
     * @param code six digits, such as {@code 002003}
     * @param sqlState five characters, such as {@code 42S02}
     */
    public SqlFailure(String code, String sqlState, String message) {
        super(message);
        this.code = code;
        this.sqlState = sqlState;
    }

    public String code() {
        return code;
    }

    public String sqlState() {
        return sqlState;
    }
}
