package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSettingsTest {

    @Test
    void hasDefaultsThatHold() {
        BatchSettings defaults = BatchSettings.defaults();
        assertThat(defaults.maxBatchTokens()).isEqualTo(2048);
        assertThat(defaults.workers()).isBetween(1, 4);
    }

    @Test
    void refusesWhatCannotWork() {
        Duration linger = Duration.ofMillis(5);
        assertThatThrownBy(() -> new BatchSettings(0, linger, 100, 1)).hasMessageContaining("maxBatchTokens");
        assertThatThrownBy(() -> new BatchSettings(100, Duration.ofMillis(-1), 100, 1))
                .hasMessageContaining("linger");
        assertThatThrownBy(() -> new BatchSettings(100, Duration.ofHours(1), 100, 1))
                .hasMessageContaining("linger");
        assertThatThrownBy(() -> new BatchSettings(100, linger, 99, 1)).hasMessageContaining("maxQueuedTokens");
        assertThatThrownBy(() -> new BatchSettings(100, linger, 100, 0)).hasMessageContaining("workers");
    }
}
