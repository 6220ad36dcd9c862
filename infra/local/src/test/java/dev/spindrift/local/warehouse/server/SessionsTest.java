package dev.spindrift.local.warehouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final ScriptedEngine engine = new ScriptedEngine();
    private final List<String> closed = new ArrayList<>();
    private final Sessions sessions = new Sessions(Runnable::run, new Faults(), () -> now, closed::add);

    private Session open() {
        return sessions.open("SPINDRIFT", engine.openSession("SPINDRIFT", null, null, null, null, Map.of()));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void endsTheQuietestSessionToMakeRoom() {
        Session first = open();
        pass(Duration.ofSeconds(1));
        Session second = open();
        pass(Duration.ofSeconds(1));
        for (int i = 2; i < Sessions.MOST; i++) {
            open();
        }
        assertThatThrownBy(sessions::makeRoom).hasMessageContaining("in use");
        pass(Duration.ofMinutes(2));
        sessions.authorize(first.tokens().token());
        sessions.makeRoom();
        assertThat(closed).containsExactly(second.id());
        assertThatCode(sessions::makeRoom).doesNotThrowAnyException();
    }

    @Test
    void asksForARenewalAfterAnHour() {
        Session session = open();
        String token = session.tokens().token();
        String master = session.tokens().master();
        pass(Duration.ofMinutes(61));
        assertThatThrownBy(() -> sessions.authorize(token))
                .isInstanceOfSatisfying(
                        ProtocolFailure.class, e -> assertThat(e.code()).isEqualTo("390112"));
        assertThat(sessions.renew(master)).isSameAs(session);
        assertThat(sessions.authorize(session.tokens().token())).isSameAs(session);
        assertThatThrownBy(() -> sessions.authorize(token))
                .isInstanceOfSatisfying(
                        ProtocolFailure.class, e -> assertThat(e.code()).isEqualTo("390111"));
    }

    @Test
    void endsAQuietSessionThatKeepsOthersWaiting() {
        Session session = open();
        engine.blocking = true;
        pass(Duration.ofSeconds(10));
        sessions.sweep();
        assertThat(closed).isEmpty();
        Query query = new Query("SELECT 1");
        session.begin(query);
        pass(Duration.ofSeconds(60));
        sessions.sweep();
        assertThat(closed).isEmpty();
        session.end();
        pass(Duration.ofSeconds(16));
        sessions.sweep();
        assertThat(closed).containsExactly(session.id());
    }

    @Test
    void refusesARenewalAfterFourHours() {
        Session session = open();
        pass(Duration.ofHours(5));
        assertThatThrownBy(() -> sessions.renew(session.tokens().master()))
                .isInstanceOfSatisfying(
                        ProtocolFailure.class, e -> assertThat(e.code()).isEqualTo("390114"));
        sessions.sweep();
        assertThat(closed).containsExactly(session.id());
    }
}
