package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorkerCountTest {

    @Test
    void choosesTheFastest() {
        assertThat(WorkerCount.best(new TreeMap<>(Map.of(1, 100.0, 4, 390.0, 8, 700.0))))
                .isEqualTo(8);
        assertThat(WorkerCount.best(new TreeMap<>(Map.of(1, 100.0, 4, 390.0, 8, 300.0))))
                .isEqualTo(4);
    }

    @Test
    void choosesTheFewestAmongThoseAsFast() {
        assertThat(WorkerCount.best(new TreeMap<>(Map.of(1, 100.0, 4, 390.0, 8, 400.0))))
                .isEqualTo(4);
        assertThat(WorkerCount.best(new TreeMap<>(Map.of(1, 0.0, 2, 0.0)))).isEqualTo(1);
    }

    @Test
    void measuresAModelInAboutASecond() {
        long begin = System.nanoTime();
        assertThat(WorkerCount.measure(new ScriptedModel(), 2)).isBetween(1, 2);
        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
    }
}
