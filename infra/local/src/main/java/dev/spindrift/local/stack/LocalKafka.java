package dev.spindrift.local.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in KRaft mode, its own controller, in the process of its main method.
 *
 * <p>Arguments: the data folder, the broker's port, the controller's port. It survives {@code kill -9}: a
 * start on the same folder finds what was there.
 */
public final class LocalKafka {
    private static final int NODE = 1;
    private static final int LARGEST_MESSAGE = 20 * 1024 * 1024;

    private LocalKafka() {}

    /** Runs the broker until the process is told to end. */
    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        Properties properties = properties(data, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        KafkaConfig config = KafkaConfig.fromProps(properties);
        if (Files.notExists(data.resolve("meta.properties"))) {
            format(data);
        }
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "kafka-shutdown"));
        server.startup();
        server.awaitShutdown();
    }

    private static void format(Path data) throws Exception {
        Files.createDirectories(data);
        Formatter formatter = new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE)
                .setControllerListenerName("CONTROLLER")
                .addDirectory(data.toString())
                .setMetadataLogDirectory(data.toString())
                .setIgnoreFormatted(true);
        formatter.run();
    }

    private static Properties properties(Path data, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", String.valueOf(NODE));
        properties.setProperty("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty(
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.setProperty("log.dirs", data.toString());
        properties.setProperty("num.partitions", "4");
        properties.setProperty("auto.create.topics.enable", "true");
        properties.setProperty("message.max.bytes", String.valueOf(LARGEST_MESSAGE));
        properties.setProperty("replica.fetch.max.bytes", String.valueOf(LARGEST_MESSAGE));
        // Documents may carry old timestamps; none may fall out of its topic for that.
        properties.setProperty("log.retention.ms", "-1");
        properties.setProperty("offsets.topic.replication.factor", "1");
        properties.setProperty("offsets.topic.num.partitions", "4");
        properties.setProperty("transaction.state.log.replication.factor", "1");
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("transaction.state.log.num.partitions", "4");
        properties.setProperty("transaction.max.timeout.ms", "3600000");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        // A killed broker's registration must lapse before its successor may take its place.
        properties.setProperty("broker.session.timeout.ms", "2000");
        properties.setProperty("broker.heartbeat.interval.ms", "500");
        properties.setProperty("log.cleaner.dedupe.buffer.size", "2000000");
        return properties;
    }
}
