package dev.spindrift.pipeline.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ReadableConfig;

/** The checked options of the source. */
public record SourceSettings(
        String bootstrapServers,
        List<String> topics,
        String groupId,
        StartFrom start,
        Map<String, String> properties,
        int maxDocumentBytes) {

    /** Beyond this, one value no longer fits Java's arrays once it is decoded and copied. */
    private static final long GREATEST_DOCUMENT = 256L << 20;

    private static final Set<String> OURS = Set.of(
            "bootstrap.servers",
            "group.id",
            "isolation.level",
            "enable.auto.commit",
            "auto.offset.reset",
            "key.deserializer",
            "value.deserializer");

    public SourceSettings {
        topics = List.copyOf(topics);
        properties = Map.copyOf(properties);
    }

    /**
     * Reads and checks the options.
     *
     * @throws IllegalArgumentException with one line per mistake
     */
    public static SourceSettings from(ReadableConfig config) {
        List<String> mistakes = new ArrayList<>();
        String servers = config.getOptional(SourceOptions.BOOTSTRAP_SERVERS).orElse("");
        List<String> topics = config.getOptional(SourceOptions.TOPICS).orElse(List.of());
        Map<String, String> properties = config.get(SourceOptions.PROPERTIES);
        long maxDocumentBytes = config.get(SourceOptions.MAX_DOCUMENT_SIZE).getBytes();
        if (servers.isBlank()) {
            mistakes.add("Cannot read documents: source.kafka.bootstrap-servers is not set. Give the address of a"
                    + " Kafka broker, such as localhost:9092.");
        }
        if (topics.isEmpty() || topics.stream().anyMatch(String::isBlank)) {
            mistakes.add("Cannot read documents: source.kafka.topics is " + topics
                    + ". Give the name of one topic at least, and no empty name.");
        }
        if (config.get(SourceOptions.GROUP_ID).isBlank()) {
            mistakes.add("Cannot commit offsets: source.kafka.group-id is blank. Give a name.");
        }
        if (maxDocumentBytes < 1 || maxDocumentBytes > GREATEST_DOCUMENT) {
            mistakes.add(
                    "Cannot use source.max-document-size " + maxDocumentBytes + " bytes: it must be 1 byte to 256 mb.");
        }
        for (String property : properties.keySet()) {
            if (OURS.contains(property)) {
                mistakes.add(
                        "Cannot set source.kafka.properties." + property + ": the job sets it itself. Leave it out.");
            }
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
        return new SourceSettings(
                servers, topics, config.get(SourceOptions.GROUP_ID), config.get(SourceOptions.START), properties, (int)
                        maxDocumentBytes);
    }

    /** Without the values of the consumer's properties, which may be secrets. */
    @Override
    public String toString() {
        return "SourceSettings[bootstrapServers=" + bootstrapServers + ", topics=" + topics + ", groupId=" + groupId
                + ", start=" + start + ", properties=" + properties.keySet() + ", maxDocumentBytes="
                + maxDocumentBytes + "]";
    }
}
