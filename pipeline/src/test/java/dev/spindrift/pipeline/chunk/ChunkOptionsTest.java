package dev.spindrift.pipeline.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.udf.chunk.ChunkSettings;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.Precision;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class ChunkOptionsTest {
    private static final ModelInfo SHORT_READER = new ModelInfo("short", "f", 2, 126, Precision.FP32);

    @Test
    void takesNoMoreThanTheModelReadsIfNothingIsSaid() {
        assertThat(ChunkOptions.settings(new Configuration(), SHORT_READER)).isEqualTo(new ChunkSettings(126, 31));
        assertThat(ChunkOptions.settings(new Configuration(), null)).isEqualTo(ChunkSettings.DEFAULTS);
    }

    @Test
    void refusesMoreThanTheModelReadsIfThatIsSaid() {
        assertThatThrownBy(() -> ChunkOptions.settings(
                        Configuration.fromMap(Map.of("chunk.target-tokens", "240")), SHORT_READER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("126");
    }
}
