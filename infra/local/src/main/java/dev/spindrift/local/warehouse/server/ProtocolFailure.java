package dev.spindrift.local.warehouse.server;

/** A request that is refused before it reaches the engine, with Snowflake's code for it. */
final class ProtocolFailure extends RuntimeException {
    private final String code;
    private final String sqlState;

    ProtocolFailure(String code, String sqlState, String message) {
        super(message);
        this.code = code;
        this.sqlState = sqlState;
    }

    static ProtocolFailure badPassword() {
        return new ProtocolFailure("390100", "08001", "Incorrect username or password was specified.");
    }

    static ProtocolFailure badKey() {
        return new ProtocolFailure("390144", "08001", "JWT token is invalid.");
    }

    /** Makes the driver renew its token and send the same request again. */
    static ProtocolFailure expired() {
        return new ProtocolFailure(
                "390112", "08001", "Your session has expired. Session token expired and must be renewed.");
    }

    /** Makes the driver give up at once: there is nothing to renew. */
    static ProtocolFailure gone() {
        return new ProtocolFailure(
                "390111", "08003", "Session no longer exists. New login required to access the service.");
    }

    static ProtocolFailure masterExpired() {
        return new ProtocolFailure(
                "390114", "08001", "Authentication token has expired. The user must authenticate again.");
    }

    static ProtocolFailure malformed(String what) {
        return new ProtocolFailure("390101", "22000", "Cannot read the request: " + what + ".");
    }

    String code() {
        return code;
    }

    String sqlState() {
        return sqlState;
    }
}
