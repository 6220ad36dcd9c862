package dev.spindrift.local.warehouse.server;

import dev.spindrift.local.warehouse.engine.SqlSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open sessions, by token. */
final class Sessions {
    static final int MOST = 256;
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
    private static final Duration STALLED = Duration.ofSeconds(15);
    private static final Duration QUIET = Duration.ofMinutes(1);
    static final Duration MASTER_LIFETIME = Duration.ofHours(4);

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> byId = new ConcurrentHashMap<>();
    private final Map<String, Session> byToken = new ConcurrentHashMap<>();
    private final Map<String, Session> byMaster = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong(System.currentTimeMillis());
    private final Executor threads;
    private final Faults faults;
    private final InstantSource clock;
    private final Consumer<String> onClose;

    /**
     * No sessions yet.
     *
     * @param threads where statements run
     * @param onClose told the id of a session that has ended
     */
    Sessions(Executor threads, Faults faults, InstantSource clock, Consumer<String> onClose) {
        this.threads = threads;
        this.faults = faults;
        this.clock = clock;
        this.onClose = onClose;
    }

    /**
     * Makes room for one more: when there are too many, the one that has been quiet longest ends, as it is most likely
     * that of a client which was killed.
     */
    void makeRoom() {
        if (byId.size() < MOST) {
            return;
        }
        Instant quietSince = clock.instant().minus(QUIET);
        Session quietest = byId.values().stream()
                .filter(session -> session.idle() && session.lastUsed().isBefore(quietSince))
                .min(Comparator.comparing(Session::lastUsed))
                .orElseThrow(() -> new ProtocolFailure(
                        "390189",
                        "08004",
                        "Cannot open a session: " + MOST + " are open and in use. Close some connections."));
        close(quietest);
    }

    Session open(String user, SqlSession sql) {
        Instant now = clock.instant();
        Session session = new Session(Long.toString(lastId.incrementAndGet()), user, sql, threads, tokens(now), clock);
        byId.put(session.id(), session);
        remember(session);
        return session;
    }

    /** The session that a request's token proves. */
    Session authorize(@Nullable String token) {
        Session session = token == null ? null : byToken.get(token);
        if (session == null) {
            throw ProtocolFailure.gone();
        }
        Instant now = clock.instant();
        Session.Tokens tokens = session.tokens();
        if (now.isAfter(tokens.until()) || tokens.epoch() != faults.sessionEpoch()) {
            throw ProtocolFailure.expired();
        }
        session.touch();
        return session;
    }

    /** Gives a session new tokens for its master token. */
    Session renew(@Nullable String master) {
        Session session = master == null ? null : byMaster.get(master);
        if (session == null || clock.instant().isAfter(session.tokens().masterUntil())) {
            throw ProtocolFailure.masterExpired();
        }
        synchronized (session) {
            forget(session);
            session.tokens(tokens(clock.instant()));
            remember(session);
        }
        return session;
    }

    void close(Session session) {
        if (byId.remove(session.id()) != null) {
            synchronized (session) {
                forget(session);
            }
            session.close();
            onClose.accept(session.id());
        }
    }

    void closeAll() {
        List.copyOf(byId.values()).forEach(this::close);
    }

    /**
     * Closes what no client can use again, and what keeps others waiting in an open transaction without a statement of
     * its own: most likely its client was killed. Snowflake does the latter after five minutes.
     */
    void sweep() {
        Instant stalled = clock.instant().minus(STALLED);
        Instant dead = clock.instant().minus(MASTER_LIFETIME);
        for (Session session : List.copyOf(byId.values())) {
            boolean blocking = session.idle()
                    && session.lastUsed().isBefore(stalled)
                    && session.sql().blocksOthers();
            if (blocking || session.lastUsed().isBefore(dead)) {
                close(session);
            }
        }
    }

    /** A statement of any session of a user. */
    Optional<Query> find(String user, String queryId) {
        return byId.values().stream()
                .filter(session -> session.user().equals(user))
                .flatMap(session -> session.log().byId(queryId).stream())
                .findFirst();
    }

    private void remember(Session session) {
        byToken.put(session.tokens().token(), session);
        byMaster.put(session.tokens().master(), session);
    }

    private void forget(Session session) {
        byToken.remove(session.tokens().token());
        byMaster.remove(session.tokens().master());
    }

    private Session.Tokens tokens(Instant now) {
        return new Session.Tokens(
                secret(), secret(), now.plus(TOKEN_LIFETIME), now.plus(MASTER_LIFETIME), faults.sessionEpoch());
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
