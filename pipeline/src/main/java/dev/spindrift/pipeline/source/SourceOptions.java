package dev.spindrift.pipeline.source;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** The options of the source, all under {@code source}. */
public final class SourceOptions {
    public static final ConfigOption<String> BOOTSTRAP_SERVERS = key("source.kafka.bootstrap-servers")
            .stringType()
            .noDefaultValue()
            .withDescription("Kafka brokers to ask first, as host:port, separated by commas.");

    public static final ConfigOption<List<String>> TOPICS = key("source.kafka.topics")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("Topics that hold the documents: a YAML list, or names separated by semicolons.");

    public static final ConfigOption<String> GROUP_ID = key("source.kafka.group-id")
            .stringType()
            .defaultValue("spindrift")
            .withDescription("Consumer group under which offsets are committed at each checkpoint. They are for people"
                    + " and monitors: the job itself goes on from its checkpoint.");

    public static final ConfigOption<StartFrom> START = key("source.kafka.start")
            .enumType(StartFrom.class)
            .defaultValue(StartFrom.EARLIEST)
            .withDescription("Where to begin when there is no checkpoint: earliest, latest, or group (where the"
                    + " consumer group committed last, else earliest).");

    public static final ConfigOption<Map<String, String>> PROPERTIES = key("source.kafka.properties")
            .mapType()
            .defaultValue(Map.of())
            .withDescription("More properties for the Kafka consumer, such as security.protocol. What exactness rests"
                    + " on (isolation.level, enable.auto.commit, deserializers) cannot be set. Their values are never"
                    + " printed.");

    public static final ConfigOption<MemorySize> MAX_DOCUMENT_SIZE = key("source.max-document-size")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(16))
            .withDescription("Records with a larger value are rejected. A document is held in memory whole, a few"
                    + " times over, in every slot: raise the task heap with it.");

    private SourceOptions() {}
}
