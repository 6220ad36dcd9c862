package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class StagedFileSerializerTest {
    private final StagedFileSerializer serializer = new StagedFileSerializer();

    @Test
    void readsWhatItWrote() throws IOException {
        StagedFile file = new StagedFile(StagedTable.CHUNKS, "job/a.parquet", 7, 1234, 42);

        assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(file)))
                .isEqualTo(file);
    }

    @Test
    void refusesAVersionItDoesNotKnow() {
        assertThatThrownBy(() -> serializer.deserialize(2, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2");
    }
}
