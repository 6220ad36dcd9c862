package dev.spindrift.local.stack;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The local stack while it runs: the processes that were asked for, watched and started again when they die,
 * stopped together by {@link #close}.
 *
 * <p>The process this object lives in is the supervisor. Its children are tethered to it (see {@link Tether}),
 * so nothing stays behind however it ends. One supervisor at a time owns a state folder.
 */
public final class LocalStack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);
    private static final int ENDINGS_TO_GIVE_UP = 3;

    private final StateFolder folder;
    private final FileChannel lock;
    private final List<Child> children = new CopyOnWriteArrayList<>();
    private final StackState.RunningProcess supervisor =
            StackState.RunningProcess.of("supervisor", ProcessHandle.current(), 0);
    private StackState.@Nullable KafkaAddress kafka;
    private StackState.@Nullable WarehouseAddress warehouse;
    private StackState.@Nullable FlinkAddress flink;
    private boolean closed;

    private LocalStack(StateFolder folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Starts what the settings name and returns when all of it answers. */
    public static LocalStack start(StackSettings settings) throws IOException, InterruptedException {
        LocalStack stack = launch(settings);
        try {
            stack.awaitReady();
        } catch (RuntimeException | IOException | InterruptedException failure) {
            stack.close();
            throw failure;
        }
        return stack;
    }

    /** Starts what the settings name and returns at once. */
    static LocalStack launch(StackSettings settings) throws IOException {
        StateFolder folder = new StateFolder(settings.stateDir());
        Files.createDirectories(folder.path());
        LocalStack stack = new LocalStack(folder, lock(folder));
        try {
            folder.prepare();
            stack.startChildren(stack.plan(settings));
        } catch (RuntimeException | IOException failure) {
            stack.close();
            throw failure;
        }
        return stack;
    }

    /** The broker's address, as clients give it. */
    public String bootstrapServers() {
        return asked(kafka, Part.KAFKA).bootstrapServers();
    }

    /** The warehouse's JDBC URL. */
    public String jdbcUrl() {
        return asked(warehouse, Part.WAREHOUSE).jdbcUrl();
    }

    /** The file that holds the password of the warehouse's user. */
    public Path passwordFile() {
        return folder.passwordFile();
    }

    /** The address of Flink's REST interface and web page. */
    public String restUrl() {
        return asked(flink, Part.FLINK).restUrl();
    }

    /** The folder of checkpoints, savepoints and configuration of the Flink cluster. */
    public Path flinkFolder() {
        return folder.flink();
    }

    /** The names of the supervised processes, such as {@code kafka} and {@code taskmanager-1}. */
    public List<String> processes() {
        return children.stream().map(Child::name).toList();
    }

    /** The process id that the named process has now. */
    public long pid(String process) {
        return children.stream()
                .filter(child -> child.name().equals(process))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Cannot find the process " + process + ": there are " + processes() + "."))
                .running()
                .pid();
    }

    /** Waits until every part answers, and all TaskManagers are registered. */
    public void awaitReady() throws IOException, InterruptedException {
        awaitReady(folder, this::state);
    }

    /** Waits until the state is there and every part in it answers; gives up on a process that keeps ending. */
    static void awaitReady(StateFolder folder, Supplier<StackState> current) throws IOException, InterruptedException {
        Readiness readiness = new Readiness();
        Instant end = Instant.now().plus(PATIENCE);
        Map<String, Integer> endingsBefore = new HashMap<>();
        while (true) {
            StackState state = current.get();
            List<String> missing = readiness.missing(state);
            if (missing.isEmpty()) {
                return;
            }
            for (StackState.RunningProcess process : state.processes()) {
                int before = endingsBefore.computeIfAbsent(process.name(), first -> process.endings());
                if (process.endings() - before >= ENDINGS_TO_GIVE_UP) {
                    throw new IOException("Cannot start " + process.name() + ": it ended " + ENDINGS_TO_GIVE_UP
                            + " times before it was ready. Its output is in "
                            + folder.logs().resolve(process.name() + ".log") + ".");
                }
            }
            if (Instant.now().isAfter(end)) {
                throw new IOException("Cannot start the local stack within " + PATIENCE.toMinutes() + " minutes: "
                        + String.join("; ", missing) + ". The logs are in " + folder.logs() + ".");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    /** What runs where at this moment. */
    StackState state() {
        return new StackState(
                supervisor,
                kafka,
                warehouse,
                flink,
                children.stream().map(Child::running).toList());
    }

    /** Stops all processes and waits for them; the data stays. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<Child> ofFlink = children.stream().filter(LocalStack::usesOthers).toList();
        List<Child> others =
                children.stream().filter(child -> !usesOthers(child)).toList();
        try {
            // First those that would miss the others.
            stop(ofFlink);
            stop(others);
        } finally {
            folder.forgetState();
            lock.close();
        }
    }

    private static boolean usesOthers(Child child) {
        return child.name().startsWith("jobmanager") || child.name().startsWith("taskmanager");
    }

    private static void stop(List<Child> some) {
        some.forEach(Child::stop);
        for (Child child : some) {
            try {
                child.awaitEnd(TIME_TO_STOP);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<JavaCommand> plan(StackSettings settings) throws IOException {
        Path own = folder.copyOf(ownClasses());
        Path ownLib = built(settings, "infra/local/target/lib");
        List<Path> classPath = List.of(own, ownLib.resolve("*"));
        Ports ports = Ports.of(folder);
        List<JavaCommand> plan = new ArrayList<>();
        if (settings.parts().contains(Part.KAFKA)) {
            plan.add(kafka(settings, ports, classPath));
        }
        if (settings.parts().contains(Part.WAREHOUSE)) {
            plan.add(warehouse(settings, ports, classPath));
        }
        if (settings.parts().contains(Part.FLINK)) {
            LocalFlink cluster = new LocalFlink(
                    folder,
                    built(settings, "infra/local/flink-dist/target/lib"),
                    List.of(folder.copyOf(built(settings, "udf/target/spindrift-udf.jar"))),
                    ports.choose("flink", settings.flinkPort()),
                    ports.choose("zookeeper", 0),
                    settings.taskManagers(),
                    settings.slots());
            plan.addAll(cluster.processes());
            flink = cluster.address();
        }
        ports.saveTo(folder);
        return plan;
    }

    private JavaCommand kafka(StackSettings settings, Ports ports, List<Path> classPath) {
        int port = ports.choose("kafka", settings.kafkaPort());
        int controllerPort = ports.choose("kafka-controller", 0);
        kafka = new StackState.KafkaAddress("127.0.0.1:" + port);
        List<String> flags = new ArrayList<>(JavaCommand.QUICK_START);
        flags.add("-Xmx512m");
        flags.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        flags.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
        flags.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS");
        return new JavaCommand(
                "kafka",
                flags,
                classPath,
                LocalKafka.class.getName(),
                List.of(folder.kafka().toString(), String.valueOf(port), String.valueOf(controllerPort)));
    }

    private JavaCommand warehouse(StackSettings settings, Ports ports, List<Path> classPath) {
        int port = ports.choose("warehouse", settings.warehousePort());
        warehouse = StackState.WarehouseAddress.at(port, folder.passwordFile().toString());
        return new JavaCommand(
                "warehouse",
                List.of("-Xmx1g", "--add-opens=java.base/java.nio=ALL-UNNAMED"),
                classPath,
                "dev.spindrift.local.warehouse.LocalWarehouse",
                List.of(
                        "--port", String.valueOf(port),
                        "--data", folder.warehouse().toString(),
                        "--password-file", folder.passwordFile().toString(),
                        "--bind", "127.0.0.1"));
    }

    private void startChildren(List<JavaCommand> plan) throws IOException {
        for (JavaCommand command : plan) {
            Child child = new Child(command, folder, this::writeState);
            child.start();
            children.add(child);
        }
        folder.write(state());
    }

    /** Called on the children's threads, so one at a time, and never after the stack is closed. */
    private synchronized void writeState() {
        if (closed) {
            return;
        }
        try {
            folder.write(state());
        } catch (IOException failure) {
            // The process runs all the same, and must stay watched.
            System.err.println(Instant.now() + " cannot write down what runs where: " + failure);
        }
    }

    private static FileChannel lock(StateFolder folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock taken;
        try {
            taken = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            taken = null;
        }
        if (taken == null) {
            channel.close();
            throw new IllegalStateException("Cannot start the local stack in " + folder.path()
                    + ": another one runs there. Stop it with \"./spindrift down\", or give another folder with"
                    + " --state-dir.");
        }
        return channel;
    }

    private static Path built(StackSettings settings, String path) {
        Path built = settings.root().resolve(path);
        if (Files.notExists(built)) {
            throw new IllegalStateException("Cannot start the local stack: " + built
                    + " is not built. Run \"mvn -DskipTests package\" in " + settings.root() + ".");
        }
        return built;
    }

    /** The jar or folder this class was loaded from. */
    static Path ownClasses() {
        try {
            return Path.of(Objects.requireNonNull(
                            LocalStack.class.getProtectionDomain().getCodeSource())
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("Cannot tell where the local stack's classes are.", impossible);
        }
    }

    private <T> T asked(@Nullable T address, Part part) {
        if (address == null) {
            throw new IllegalStateException(
                    "Cannot give the address of " + part.label() + ": it was not started. Name it among the parts.");
        }
        return address;
    }
}
