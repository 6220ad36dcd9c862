package dev.spindrift.pipeline.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final SQLException passing = new SQLException("busy", "57014", 625);
    private final SQLException lasting = new SQLException("no such table", "42S02", 2003);

    private final ManualClock clock = new ManualClock();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<Connection> opened = new ArrayList<>();
    private final List<Connection> closed = new ArrayList<>();
    private final Session session = new Session(this::open, Duration.ofMinutes(1), clock, time -> {
        pauses.add(time);
        clock.advanceTime(time);
    });

    @Test
    void keepsItsConnectionWhileNothingFails() throws Exception {
        Connection first = session.run("work", c -> c);
        Connection second = session.run("work", c -> c);

        assertThat(second).isSameAs(first);
        assertThat(opened).hasSize(1);
    }

    @Test
    void triesPassingFailuresAgainOnNewConnections() throws Exception {
        List<Connection> used = new ArrayList<>();

        String answer = session.run("work", c -> {
            used.add(c);
            if (used.size() < 4) {
                throw passing;
            }
            return "done";
        });

        assertThat(answer).isEqualTo("done");
        assertThat(used).doesNotHaveDuplicates().hasSize(4);
        assertThat(closed).containsExactlyElementsOf(used.subList(0, 3));
        assertThat(pauses).isSorted().doesNotHaveDuplicates();
        assertThat(session.retries()).isEqualTo(3);
    }

    @Test
    void doesNotTryLastingFailuresAgain() {
        assertThatThrownBy(() -> session.run("work", c -> {
                    throw lasting;
                }))
                .isSameAs(lasting);
        assertThat(pauses).isEmpty();
        assertThat(closed).hasSize(1);
    }

    @Test
    void givesUpWhenTheTimeIsUp() {
        long begin = clock.relativeTimeNanos();

        assertThatThrownBy(() -> session.run("work", c -> {
                    throw passing;
                }))
                .isSameAs(passing);
        assertThat(Duration.ofNanos(clock.relativeTimeNanos() - begin))
                .isBetween(Duration.ofSeconds(45), Duration.ofMinutes(1));
    }

    @Test
    void throwsAwayAConnectionOnWhichAnythingFailed() {
        assertThatThrownBy(() -> session.run("work", c -> {
                    throw new IllegalStateException("rows are missing");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(closed).hasSize(1);
    }

    private Connection open() {
        Connection connection = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "close" -> {
                        closed.add((Connection) proxy);
                        yield null;
                    }
                    case "equals" -> proxy == args[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "a connection";
                });
        opened.add(connection);
        return connection;
    }
}
