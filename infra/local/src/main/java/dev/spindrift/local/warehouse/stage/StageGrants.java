package dev.spindrift.local.warehouse.stage;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leave to read or write files of one stage under one prefix, given to a session for one PUT or GET and shown by its
 * driver with each request. Ends with the session or after an hour.
 */
public final class StageGrants {
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final InstantSource clock;

    public StageGrants(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A grant.
     *
     * @param token what proves it
     * @param session whose it is
     * @param prefix of the paths within the stage that it covers
     */
    public record Grant(String token, String session, String stage, String prefix, boolean writable, Instant until) {

        boolean covers(String otherStage, String path) {
            return stage.equals(otherStage) && path.startsWith(prefix);
        }
    }

    public Grant give(String session, String stage, String prefix, boolean writable) {
        byte[] token = new byte[20];
        random.nextBytes(token);
        Grant grant = new Grant(
                HexFormat.of().formatHex(token),
                session,
                stage,
                prefix,
                writable,
                clock.instant().plus(LIFETIME));
        grants.put(grant.token(), grant);
        return grant;
    }

    /** The grant that a token proves, if it still holds. */
    Optional<Grant> find(String token) {
        return Optional.ofNullable(grants.get(token))
                .filter(grant -> clock.instant().isBefore(grant.until()));
    }

    /** Ends what was given to a session. */
    public void revoke(String session) {
        grants.values().removeIf(grant -> grant.session().equals(session));
    }

    /** Forgets what has run out. */
    public void sweep() {
        Instant now = clock.instant();
        grants.values().removeIf(grant -> !now.isBefore(grant.until()));
    }
}
