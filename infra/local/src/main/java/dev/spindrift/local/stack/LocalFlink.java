package dev.spindrift.local.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Flink cluster of real processes: a JobManager, TaskManagers, and a ZooKeeper that remembers the jobs while
 * no JobManager runs.
 *
 * <p>Its {@code lib/} is the folder Maven laid out plus the functions' jar; its state (checkpoints, savepoints,
 * submitted jobs) lies in the stack's folder and outlives it.
 *
 * @param folder the stack's folder
 * @param lib the folder of Flink's jars
 * @param extraJars what is on the class path beside them
 * @param restPort the port of the REST interface and web page
 * @param zookeeperPort the port of ZooKeeper
 * @param taskManagers how many TaskManager processes
 * @param slots how many slots each has
 */
record LocalFlink(
        StateFolder folder,
        Path lib,
        List<Path> extraJars,
        int restPort,
        int zookeeperPort,
        int taskManagers,
        int slots) {

    private static final String ALL_UNNAMED = "=ALL-UNNAMED";
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.net",
            "java.io",
            "java.nio",
            "sun.nio.ch",
            "java.lang.reflect",
            "java.text",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks");

    /**
     * A TaskManager's memory in MB, all of it spelt out, as Flink's own start scripts would derive it: the task
     * heap holds documents of 16 MB, what lies off the heap holds PyTorch.
     */
    private static final int HEAP_FRAMEWORK = 128;

    private static final int HEAP_TASK = 640;
    private static final int OFF_HEAP_FRAMEWORK = 128;
    private static final int OFF_HEAP_TASK = 384;
    private static final int NETWORK = 96;
    private static final int MANAGED = 256;
    private static final int METASPACE = 256;
    private static final int OVERHEAD = 192;

    /** Writes the configuration and says which processes to start, in this order. */
    List<JavaCommand> processes() throws IOException {
        writeConfiguration();
        List<JavaCommand> processes = new ArrayList<>();
        processes.add(zookeeper());
        processes.add(jobManager());
        for (int number = 1; number <= taskManagers; number++) {
            processes.add(taskManager("taskmanager-" + number));
        }
        return processes;
    }

    StackState.FlinkAddress address() {
        return new StackState.FlinkAddress(
                "http://127.0.0.1:" + restPort,
                taskManagers,
                slots,
                clientConf().toString());
    }

    private JavaCommand zookeeper() {
        List<String> flags = new ArrayList<>(flags("zookeeper", "64m"));
        flags.addAll(JavaCommand.QUICK_START);
        flags.add("-Dzookeeper.admin.enableServer=false");
        return new JavaCommand(
                "zookeeper",
                flags,
                classPath(),
                "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                List.of("--zkConfigFile", conf().resolve("zoo.cfg").toString(), "--peerId", "1"));
    }

    private JavaCommand jobManager() {
        List<String> flags = new ArrayList<>(flags("jobmanager", "448m"));
        flags.addAll(JavaCommand.QUICK_START);
        flags.add("-XX:MaxMetaspaceSize=" + METASPACE + "m");
        return new JavaCommand(
                "jobmanager",
                flags,
                classPath(),
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                List.of(
                        "--configDir",
                        conf().toString(),
                        "--executionMode",
                        "cluster",
                        "-D",
                        "io.tmp.dirs=" + folder.temporary("jobmanager")));
    }

    private JavaCommand taskManager(String name) {
        List<String> flags = new ArrayList<>(flags(name, (HEAP_FRAMEWORK + HEAP_TASK) + "m"));
        // Below it lie PyTorch's unpacked libraries, half a gigabyte that all processes of a user share.
        flags.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
        flags.add("-XX:MaxDirectMemorySize=" + (OFF_HEAP_FRAMEWORK + OFF_HEAP_TASK + NETWORK) + "m");
        flags.add("-XX:MaxMetaspaceSize=" + METASPACE + "m");
        return new JavaCommand(
                name,
                flags,
                classPath(),
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                List.of(
                        "--configDir",
                        conf().toString(),
                        "-D",
                        "taskmanager.resource-id=" + name,
                        "-D",
                        "io.tmp.dirs=" + folder.temporary(name)));
    }

    private List<String> flags(String name, String heap) {
        List<String> flags = new ArrayList<>();
        flags.add("-Xmx" + heap);
        flags.add("-Dlog.file=" + folder.logs().resolve(name + "-flink.log"));
        flags.add("-Dlog4j.configurationFile=" + conf().resolve("log4j2.properties"));
        OPENED.forEach(pkg -> flags.add("--add-opens=java.base/" + pkg + ALL_UNNAMED));
        flags.add("--add-exports=java.base/sun.net.util" + ALL_UNNAMED);
        flags.add("--add-exports=java.rmi/sun.rmi.registry" + ALL_UNNAMED);
        return flags;
    }

    private List<Path> classPath() {
        List<Path> entries = new ArrayList<>(extraJars);
        entries.add(lib.resolve("*"));
        return entries;
    }

    private Path conf() {
        return folder.flink().resolve("conf");
    }

    /** What Flink's command line needs to know, and no more: it asks the REST interface, not ZooKeeper. */
    private Path clientConf() {
        return folder.flink().resolve("client-conf");
    }

    private void writeConfiguration() throws IOException {
        Path uploads = folder.flink().resolve("upload");
        for (Path needed : List.of(conf(), clientConf(), uploads, folder.zookeeper())) {
            Files.createDirectories(needed);
        }
        Map<String, Object> cluster = new TreeMap<>();
        addAddresses(cluster);
        addState(cluster);
        addRecovery(cluster);
        addMemory(cluster);
        cluster.put("web.submit.enable", true);
        cluster.put("web.upload.dir", uploads.toString());
        // Classes of the functions' jar exist once per JVM, whatever a job jar brings: so do their native libraries.
        cluster.put("classloader.parent-first-patterns.additional", "ai.djl.;dev.spindrift.udf.");
        Files.writeString(conf().resolve("config.yaml"), yaml(cluster));
        Files.writeString(conf().resolve("zoo.cfg"), zooKeeperConfiguration());
        Files.writeString(conf().resolve("log4j2.properties"), clusterLogging());

        Map<String, Object> client = new TreeMap<>();
        client.put("rest.address", "127.0.0.1");
        client.put("rest.port", restPort);
        client.put("execution.target", "remote");
        client.put("parallelism.default", defaultParallelism());
        Files.writeString(clientConf().resolve("config.yaml"), yaml(client));
    }

    /** Half of all slots, so that a second job finds room. */
    private int defaultParallelism() {
        return Math.max(1, taskManagers * slots / 2);
    }

    private void addAddresses(Map<String, Object> config) {
        config.put("jobmanager.rpc.address", "127.0.0.1");
        config.put("jobmanager.bind-host", "127.0.0.1");
        config.put("rest.address", "127.0.0.1");
        config.put("rest.bind-address", "127.0.0.1");
        config.put("rest.port", restPort);
        config.put("rest.bind-port", String.valueOf(restPort));
        config.put("taskmanager.host", "127.0.0.1");
        config.put("taskmanager.bind-host", "127.0.0.1");
        config.put("taskmanager.numberOfTaskSlots", slots);
        config.put("taskmanager.load-balance.mode", "SLOTS");
        config.put("parallelism.default", defaultParallelism());
    }

    private void addState(Map<String, Object> config) {
        config.put("state.backend.type", "rocksdb");
        config.put("execution.checkpointing.incremental", true);
        config.put("execution.checkpointing.dir", uri("checkpoints"));
        config.put("execution.checkpointing.savepoint-dir", uri("savepoints"));
        config.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    }

    private void addRecovery(Map<String, Object> config) {
        config.put("restart-strategy.type", "exponential-delay");
        config.put("restart-strategy.exponential-delay.initial-backoff", "500 ms");
        config.put("restart-strategy.exponential-delay.max-backoff", "10 s");
        config.put("restart-strategy.exponential-delay.reset-backoff-threshold", "1 min");
        // A dead process refuses connections, which two failed heartbeats show; a slow one has longer.
        config.put("heartbeat.interval", "1 s");
        config.put("heartbeat.rpc-failure-threshold", 2);
        config.put("heartbeat.timeout", "20 s");
        config.put("high-availability.type", "zookeeper");
        config.put("high-availability.storageDir", plainUri("ha"));
        config.put("high-availability.cluster-id", "/local");
        config.put("high-availability.zookeeper.quorum", "127.0.0.1:" + zookeeperPort);
        config.put("high-availability.zookeeper.path.root", "/spindrift");
        // A killed JobManager's successor waits this long for its session to lapse.
        config.put("high-availability.zookeeper.client.session-timeout", "6 s");
        config.put("high-availability.zookeeper.client.tolerate-suspended-connections", true);
        config.put("zookeeper.sasl.disable", true);
    }

    private void addMemory(Map<String, Object> config) {
        config.put("taskmanager.cpu.cores", (double) slots);
        config.put("taskmanager.memory.framework.heap.size", HEAP_FRAMEWORK + "m");
        config.put("taskmanager.memory.task.heap.size", HEAP_TASK + "m");
        config.put("taskmanager.memory.framework.off-heap.size", OFF_HEAP_FRAMEWORK + "m");
        config.put("taskmanager.memory.task.off-heap.size", OFF_HEAP_TASK + "m");
        config.put("taskmanager.memory.network.min", NETWORK + "m");
        config.put("taskmanager.memory.network.max", NETWORK + "m");
        config.put("taskmanager.memory.managed.size", MANAGED + "m");
        config.put("taskmanager.memory.jvm-metaspace.size", METASPACE + "m");
        config.put("taskmanager.memory.jvm-overhead.min", OVERHEAD + "m");
        config.put("taskmanager.memory.jvm-overhead.max", OVERHEAD + "m");
    }

    private String zooKeeperConfiguration() {
        return """
                tickTime=1000
                initLimit=10
                syncLimit=5
                clientPortAddress=127.0.0.1
                clientPort=%d
                dataDir=%s
                autopurge.purgeInterval=1
                """.formatted(zookeeperPort, folder.zookeeper());
    }

    private static String clusterLogging() {
        return """
                rootLogger.level = INFO
                rootLogger.appenderRef.file.ref = file
                appender.file.type = RollingFile
                appender.file.name = file
                appender.file.fileName = ${sys:log.file}
                appender.file.filePattern = ${sys:log.file}.%i
                appender.file.layout.type = PatternLayout
                appender.file.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-40c{1.} %m%n
                appender.file.policies.type = Policies
                appender.file.policies.size.type = SizeBasedTriggeringPolicy
                appender.file.policies.size.size = 50MB
                appender.file.strategy.type = DefaultRolloverStrategy
                appender.file.strategy.max = 3
                logger.zookeeper.name = org.apache.flink.shaded.zookeeper3
                logger.zookeeper.level = WARN
                logger.curator.name = org.apache.flink.shaded.curator5
                logger.curator.level = WARN
                logger.kafka.name = org.apache.kafka
                logger.kafka.level = WARN
                logger.pekko.name = org.apache.pekko
                logger.pekko.level = WARN
                logger.snowflake.name = net.snowflake
                logger.snowflake.level = WARN
                """;
    }

    /** Flink reads a path's characters as they stand, so a space in it must not be escaped. */
    private String uri(String name) {
        return "file://" + folder.flink().resolve(name);
    }

    /**
     * The same for the one store that does escape: it would write beside the folder. Where the path holds a space or
     * such, the way there leads over the processes' working folder, which is the stack's.
     */
    private String plainUri(String name) {
        Path path = folder.flink().resolve(name);
        boolean plain = path.toString().equals(path.toUri().getRawPath());
        return plain ? uri(name) : "file:///proc/self/cwd/" + folder.path().relativize(path);
    }

    private static String yaml(Map<String, Object> values) throws JsonProcessingException {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            text.append(entry.getKey())
                    .append(": ")
                    .append(StateFolder.JSON.writeValueAsString(entry.getValue()))
                    .append('\n');
        }
        return text.toString();
    }
}
