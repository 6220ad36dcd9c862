package dev.spindrift.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.pipeline.data.ChunkResult;
import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.EmbeddingRow;
import dev.spindrift.pipeline.data.RejectedRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.source.SourceOutput;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTypesTest {

    private static <T> TypeSerializer<T> serializer(Class<T> type) {
        Configuration config = new Configuration();
        config.set(PipelineOptions.GENERIC_TYPES, false);
        TypeInformation<T> info = TypeInformation.of(type);
        assertThat(info).isInstanceOf(PojoTypeInfo.class);
        return info.createSerializer(new SerializerConfigImpl(config));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                SourceOutput.class,
                Document.class,
                DocumentRow.class,
                ChunkRow.class,
                ChunkResult.class,
                EmbeddingRow.class,
                RejectedRow.class,
                TableRow.class
            })
    void areSerializedWithoutReflectionOnUnknownTypes(Class<?> type) {
        assertThat(serializer(type)).isNotNull();
    }

    @Test
    void surviveWithTheirAbsentParts() throws Exception {
        TypeSerializer<TableRow> serializer = serializer(TableRow.class);
        DocumentRow row =
                new DocumentRow("d", -1, Long.MAX_VALUE, "e", true, 0, 0, "text/plain", null, null, "h", "c", "{}");
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(TableRow.of(row), out);
        TableRow back = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        assertThat(back).isEqualTo(TableRow.of(row));
    }
}
