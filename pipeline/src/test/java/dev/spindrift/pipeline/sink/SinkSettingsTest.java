package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinkSettingsTest {

    @Test
    void needsNoOption() {
        SinkSettings settings = SinkSettings.from(new Configuration());

        assertThat(settings.job()).isEqualTo("spindrift");
        assertThat(settings.fileBytes()).isEqualTo(200L << 20);
        assertThat(settings.tempDir()).isEqualTo(System.getProperty("java.io.tmpdir"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Job", "a-b", "1st", "a b", "x;drop table documents", "a.b"})
    void refusesAJobThatCannotNameATable(String job) {
        assertThatThrownBy(() -> new SinkSettings(job, "S", 1, Duration.ZERO, "/tmp"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sink.job");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "\"S\"", "~", "s/x", "a.b.c.d", "s;"})
    void refusesAStageThatIsNoIdentifier(String stage) {
        assertThatThrownBy(() -> new SinkSettings("job", stage, 1, Duration.ZERO, "/tmp"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sink.stage");
    }
}
