package dev.spindrift.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaTest {
    @TempDir
    static Path temporary;

    private static StackSettings settings;
    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        settings =
                StackSettings.of(Repository.ROOT, temporary.resolve("a folder")).only(Part.KAFKA);
        stack = LocalStack.start(settings);
    }

    @AfterAll
    static void stop() throws Exception {
        stack.close();
    }

    @Test
    void commitsATransaction() throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tx"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", 0, "k", "kept")).get();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", 0, "k", "dropped"))
                    .get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", 0, "k", "last")).get();
            producer.commitTransaction();
        }

        assertThat(committed("transactions", 2)).containsExactly("kept", "last");
    }

    @Test
    void takesADocumentOfSixteenMegabytes() throws Exception {
        String large = "x".repeat(16 * 1024 * 1024);

        try (KafkaProducer<String, String> producer =
                producer(Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 20 * 1024 * 1024))) {
            producer.send(new ProducerRecord<>("large", 0, "k", large)).get();
        }

        assertThat(committed("large", 1)).containsExactly(large);
    }

    @Test
    void startsAKilledBrokerAgainWithItsData() throws Exception {
        String address = stack.bootstrapServers();
        long before = stack.pid("kafka");
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("killed", 0, "k", "before")).get();

            ProcessHandle broker = ProcessHandle.of(before).orElseThrow();
            broker.destroyForcibly();
            broker.onExit().get();
            // The client's own patience (two minutes) spans the restart.
            producer.send(new ProducerRecord<>("killed", 0, "k", "after")).get();
        }

        assertThat(stack.pid("kafka")).isNotEqualTo(before);
        assertThat(stack.bootstrapServers()).isEqualTo(address);
        assertThat(committed("killed", 2)).containsExactly("before", "after");
    }

    @Test
    void refusesASecondStackInItsFolder() {
        assertThatThrownBy(() -> LocalStack.start(settings))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another one runs there");
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers());
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** The first committed values of partition 0, as many as expected and what came with them. */
    private static List<String> committed(String topic, int expected) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            while (values.size() < expected) {
                consumer.poll(Duration.ofSeconds(1)).forEach(each -> values.add(each.value()));
            }
        }
        return values;
    }
}
