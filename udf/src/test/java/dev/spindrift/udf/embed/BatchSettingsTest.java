package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSettingsTest {

    @Test
    void hasBatchesAsTheDeviceLikesThem() {
        assertThat(BatchSettings.of("cpu").maxBatchTokens()).isEqualTo(2048);
        assertThat(BatchSettings.of("cuda:0").maxBatchTokens()).isEqualTo(32_768);
        assertThat(BatchSettings.of("cpu", 1 << 20, Duration.ZERO).maxQueuedTokens())
                .isEqualTo(4 << 20);
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
        assertThatThrownBy(() -> new BatchSettings(100, linger, 100, -1)).hasMessageContaining("workers");
    }
}
