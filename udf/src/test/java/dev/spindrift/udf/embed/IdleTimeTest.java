package dev.spindrift.udf.embed;

import static dev.spindrift.udf.embed.IdleTime.Reason.BACKPRESSURE;
import static dev.spindrift.udf.embed.IdleTime.Reason.GATHERING;
import static dev.spindrift.udf.embed.IdleTime.Reason.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleTimeTest {

    @Test
    void countsUnitsTimesTimeByReason() {
        IdleTime idle = new IdleTime(2, 100);
        idle.change(2, GATHERING, 110);
        idle.change(1, GATHERING, 113);
        idle.change(0, NO_INPUT, 120);
        idle.change(2, BACKPRESSURE, 500);

        assertThat(idle.nanos(NO_INPUT, 504)).isEqualTo(20);
        assertThat(idle.nanos(GATHERING, 504)).isEqualTo(6 + 7);
        assertThat(idle.nanos(BACKPRESSURE, 504)).isEqualTo(8);
        assertThat(idle.nanos(BACKPRESSURE, 505)).isEqualTo(10);
    }
}
