package dev.spindrift.pipeline.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents to a topic, keyed by document id, through an idempotent producer: no record is lost or doubled by a
 * retry, and versions of one document stay in order.
 */
final class DocumentPublisher implements AutoCloseable {

    /** Where the newest record of each document went; a later one of the same id replaces an earlier one. */
    private final Map<String, RecordMetadata> written = new ConcurrentHashMap<>();

    private final AtomicReference<@Nullable CommandFailedException> failure = new AtomicReference<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    DocumentPublisher(String bootstrapServers, String topic) throws InterruptedException {
        this.topic = topic;
        createTopic(bootstrapServers, topic);
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // Documents of 16 MiB and what JSON adds; the topic's own max.message.bytes decides in the end.
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 128L << 20);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void publish(String id, byte[] value) {
        throwFailure();
        ProducerRecord<byte[], byte[]> document =
                new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), value);
        Future<RecordMetadata> unused = producer.send(document, (metadata, error) -> {
            if (error == null) {
                written.put(id, metadata);
            } else {
                failure.compareAndSet(null, refused(id, error));
            }
        });
    }

    private CommandFailedException refused(String id, Exception error) {
        return new CommandFailedException(
                "Cannot publish document " + id + " to topic " + topic + ": " + error.getMessage()
                        + ". Check the broker and the topic's max.message.bytes.",
                error);
    }

    /** Waits until the broker has acknowledged everything. */
    Map<String, RecordMetadata> flush() {
        producer.flush();
        throwFailure();
        return Map.copyOf(written);
    }

    @Override
    public void close() {
        producer.close();
    }

    private void throwFailure() {
        CommandFailedException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    private static void createTopic(String bootstrapServers, String topic) throws InterruptedException {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                60_000);
        try (Admin admin = Admin.create(settings)) {
            Set<String> topics = admin.listTopics().names().get();
            if (!topics.contains(topic)) {
                admin.createTopics(List.of(new NewTopic(topic, Optional.empty(), Optional.empty())))
                        .all()
                        .get();
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new CommandFailedException(
                        "Cannot reach topic " + topic + " at " + bootstrapServers + ": " + e.getCause()
                                + ". Check --bootstrap-servers, or start the local broker with ./spindrift up.",
                        e);
            }
        }
    }
}
