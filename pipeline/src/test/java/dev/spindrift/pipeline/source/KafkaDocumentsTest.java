package dev.spindrift.pipeline.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.RejectedRow;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.collect.CollectSinkOperatorFactory;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class KafkaDocumentsTest {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    static Path folder;

    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(folder);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "max.request.size",
                20_000_000,
                "buffer.memory",
                67_108_864L));
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, String topic, @Nullable String key, @Nullable String value)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, utf8(key), utf8(value))).get();
    }

    /** Everything that the topic holds now. */
    private static List<SourceOutput> read(String topic, int maxDocumentBytes) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.configure(new Configuration()
                .set(PipelineOptions.GENERIC_TYPES, false)
                .set(CollectSinkOperatorFactory.MAX_BATCH_SIZE, MemorySize.ofMebiBytes(40))
                .set(RestartStrategyOptions.RESTART_STRATEGY, "none"));
        SourceSettings settings = new SourceSettings(
                broker.bootstrapServers(), List.of(topic), "test", StartFrom.EARLIEST, Map.of(), maxDocumentBytes);
        return environment
                .fromSource(
                        KafkaDocuments.builder(settings)
                                .setBounded(OffsetsInitializer.latest())
                                .build(),
                        WatermarkStrategy.noWatermarks(),
                        "kafka")
                .executeAndCollect(1000);
    }

    @Test
    void turnsEachRecordIntoADocumentOrARejection() throws Exception {
        broker.createTopic("mixed", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            send(producer, "mixed", "a.md", "# Title\n\nplain text");
            send(producer, "mixed", null, "{\"id\":\"b\",\"text\":\"json\",\"version\":4}");
            send(producer, "mixed", "a.md", null);
            send(producer, "mixed", null, "nobody's text");
            producer.send(new ProducerRecord<>("mixed", utf8("c"), new byte[] {(byte) 0xc3, 0x28}))
                    .get();
        }
        List<SourceOutput> outputs = read("mixed", 1000);
        assertThat(outputs.stream().map(SourceOutput::document).filter(Objects::nonNull))
                .extracting(Document::id, Document::sequence, Document::deleted)
                .containsExactly(tuple("a.md", 0L, false), tuple("b", 1L, false), tuple("a.md", 2L, true));
        assertThat(outputs.stream().map(SourceOutput::rejected).filter(Objects::nonNull))
                .extracting(RejectedRow::source)
                .containsExactly(
                        "{\"topic\":\"mixed\",\"partition\":0,\"offset\":3}",
                        "{\"topic\":\"mixed\",\"partition\":0,\"offset\":4,\"key\":\"c\"}");
    }

    @Test
    void readsDocumentsAsLargeAsTheyMayBe() throws Exception {
        broker.createTopic("large", 1);
        int size = 16 << 20;
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            send(producer, "large", "fits", "x".repeat(size));
            send(producer, "large", "too large", "x".repeat(size + 1));
            send(producer, "large", "after", "y");
        }
        List<SourceOutput> outputs = read("large", size);
        assertThat(outputs).hasSize(3);
        assertThat(Objects.requireNonNull(outputs.get(0).document()).text()).hasSize(size);
        RejectedRow rejected = Objects.requireNonNull(outputs.get(1).rejected());
        assertThat(rejected.payloadBytes()).isEqualTo(size + 1);
        assertThat(rejected.payload()).hasSize(RejectedRow.MAX_PAYLOAD_BYTES);
        assertThat(Objects.requireNonNull(outputs.get(2).document()).id()).isEqualTo("after");
    }

    @Test
    void skipsRecordsOfAbortedTransactions() throws Exception {
        broker.createTopic("transactions", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "test"))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "transactions", "aborted", "x");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, "transactions", "committed", "x");
            producer.commitTransaction();
        }
        assertThat(read("transactions", 1000))
                .extracting(output -> Objects.requireNonNull(output.document()).id())
                .containsExactly("committed");
    }
}
