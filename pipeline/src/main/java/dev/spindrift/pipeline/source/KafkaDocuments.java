package dev.spindrift.pipeline.source;

import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Documents from Kafka topics, committed records only. */
public final class KafkaDocuments {
    private KafkaDocuments() {}

    /** The source that reads on and on. */
    public static KafkaSource<SourceOutput> source(SourceSettings settings) {
        return builder(settings).build();
    }

    static KafkaSourceBuilder<SourceOutput> builder(SourceSettings settings) {
        Properties properties = new Properties();
        // One answer of a broker and one record must fit what a document may be, with its headers.
        long most = settings.maxDocumentBytes() + (1L << 20);
        properties.setProperty("fetch.max.bytes", Long.toString(Math.max(most, 50L << 20)));
        properties.setProperty("isolation.level", "read_committed");
        properties.putAll(settings.properties());
        return KafkaSource.<SourceOutput>builder()
                .setBootstrapServers(settings.bootstrapServers())
                .setTopics(settings.topics())
                .setGroupId(settings.groupId())
                .setStartingOffsets(startingOffsets(settings.start()))
                .setDeserializer(new KafkaDocumentSchema(settings.maxDocumentBytes()))
                .setProperties(properties);
    }

    @SuppressWarnings("deprecation") // the connector's own signature
    private static OffsetsInitializer startingOffsets(StartFrom start) {
        return switch (start) {
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> OffsetsInitializer.latest();
            case GROUP -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
        };
    }
}
