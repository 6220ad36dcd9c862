package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.embed.PassWatch.Pass;
import org.junit.jupiter.api.Test;

class PassWatchTest {
    private final PassWatch watch = new PassWatch(600, 10, 0);

    @Test
    void givesUpAPassOnceItWasSeenRunningForTheLimit() {
        Pass slow = watch.begin("cuda:1", 7, 5);
        for (long now = 10; now < 605; now += 10) {
            assertThat(watch.look(now)).isNull();
        }
        assertThat(watch.look(605)).isSameAs(slow);
        assertThat(slow.device).isEqualTo("cuda:1");
        assertThat(slow.texts).isEqualTo(7);
    }

    @Test
    void forgetsAPassThatEnded() {
        Pass pass = watch.begin("cpu", 1, 0);
        for (long now = 10; now < 600; now += 10) {
            assertThat(watch.look(now)).isNull();
        }
        watch.end(pass);
        assertThat(watch.look(610)).isNull();
        assertThat(watch.look(10_000)).isNull();
    }

    @Test
    void doesNotCountTheTimeInWhichTheWholeProcessStood() {
        watch.begin("cpu", 1, 0);
        assertThat(watch.look(10)).isNull();
        assertThat(watch.look(1_000_000)).isNull();
        assertThat(watch.look(1_000_010)).isNull();
    }
}
