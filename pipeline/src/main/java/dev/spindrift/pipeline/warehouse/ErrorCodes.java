package dev.spindrift.pipeline.warehouse;

import java.sql.SQLException;
import java.util.Set;

/** What Snowflake's error codes say about trying again. Decides by code and SQLState, never by the message. */
public final class ErrorCodes {

    /** An object that does not exist, or that the role may not see. */
    public static final int MISSING_OBJECT = 2003;

    /** A session, a token or a login that is over: a new connection begins with new ones. */
    private static final Set<Integer> SESSION_OVER =
            Set.of(390104, 390108, 390111, 390112, 390113, 390114, 390115, 390195, 390318);

    /** Too many waiters on a lock (625), cancelled (604), out of time (630), and Snowflake's own mishaps (603). */
    private static final Set<Integer> STATEMENT_PASSING = Set.of(603, 604, 625, 630);

    /**
     * What the driver reports when the way to the server or to the stage is broken: 200001 no sense in a reply, 200002
     * to 200005 connection and cancellation, 200013 to 200022 and above storage and network, 2530xx transfers, 254000
     * and 290000 HTTP.
     */
    private static final Set<Integer> WAY_BROKEN = Set.of(
            200001, 200002, 200003, 200005, 200013, 200015, 200016, 200020, 200022, 200044, 200052, 200061, 200062,
            200066, 253000, 253003, 254000, 290000);

    /** Deadlock or serialization failure, cancelled by the server, system error. */
    private static final Set<String> STATES_PASSING = Set.of("40001", "57014", "58000", "58030");

    private ErrorCodes() {}

    /** Whether the same work may succeed later on a new connection, without anyone changing anything. */
    public static boolean isTransient(SQLException failure) {
        int code = failure.getErrorCode();
        String state = failure.getSQLState();
        if (SESSION_OVER.contains(code) || STATEMENT_PASSING.contains(code) || WAY_BROKEN.contains(code)) {
            return true;
        }
        boolean incident = code >= 300_000 && code < 301_000;
        // Snowflake reports a refused login with a connection's SQLState (08001), so that class says nothing here.
        boolean login = code >= 390_000 && code < 400_000;
        return incident || (!login && state != null && STATES_PASSING.contains(state));
    }
}
