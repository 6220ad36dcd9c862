package dev.spindrift.local.stack;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The process that keeps a stack running after {@code up} has returned, and how it is started and stopped. */
final class Supervisor {
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final StackSettings settings;
    private final StateFolder folder;
    private final PrintStream err;

    Supervisor(StackSettings settings, PrintStream err) {
        this.settings = settings;
        this.folder = new StateFolder(settings.stateDir());
        this.err = err;
    }

    /** Runs the stack in this process until it is told to end. */
    void runHere(PrintStream out) throws IOException, InterruptedException {
        LocalStack stack = LocalStack.launch(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(stack), "stack-shutdown"));
        try {
            stack.awaitReady();
            out.print(StatusReport.of(folder).text());
            out.flush();
            Thread.currentThread().join();
        } finally {
            stack.close();
        }
    }

    /** Starts a process of its own for the stack, unless there is one, and returns when every part answers. */
    void startAside(List<String> options) throws IOException, InterruptedException {
        Optional<StackState> running = running(folder);
        if (running.isPresent()) {
            checkSame(running.get());
            LocalStack.awaitReady(folder, () -> stateOf(running.get().supervisor()));
            return;
        }
        checkPorts();
        Files.createDirectories(folder.logs());
        Path log = folder.logs().resolve("supervisor.log");
        Process process = new ProcessBuilder(command(options))
                .directory(settings.root().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        // Whoever ends "up" half-way does not want the rest of it.
        Thread undo = new Thread(process::destroy, "undo-up");
        Runtime.getRuntime().addShutdownHook(undo);
        try {
            awaitState(process, log);
            LocalStack.awaitReady(folder, () -> ofSupervisor(process, log));
        } catch (RuntimeException | IOException | InterruptedException failure) {
            process.destroy();
            process.waitFor(TIME_TO_STOP.toSeconds(), TimeUnit.SECONDS);
            throw failure;
        }
        Runtime.getRuntime().removeShutdownHook(undo);
    }

    /** Stops the stack of a folder and waits for the end of all its processes; false when none ran. */
    static boolean stop(StateFolder folder) throws IOException, InterruptedException {
        Optional<StackState> running = folder.read();
        if (running.isEmpty()) {
            return false;
        }
        boolean wasUp = running.get().supervisor().alive();
        if (wasUp) {
            end(running.get().supervisor(), TIME_TO_STOP);
        }
        for (StackState.RunningProcess process : running.get().processes()) {
            if (process.alive()) {
                end(process, BETWEEN_LOOKS);
            }
        }
        folder.forgetState();
        return wasUp;
    }

    private static void end(StackState.RunningProcess process, Duration patience) throws InterruptedException {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
        Instant end = Instant.now().plus(patience);
        while (process.alive()) {
            if (Instant.now().isAfter(end)) {
                ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private static Optional<StackState> running(StateFolder folder) throws IOException {
        return folder.read().filter(state -> state.supervisor().alive());
    }

    /** A stack that is up already is enough if it has what is asked for, where it is asked for. */
    private void checkSame(StackState running) {
        boolean same = running.parts().containsAll(settings.parts())
                && (running.kafka() == null
                        || fits(settings.kafkaPort(), running.kafka().bootstrapServers()))
                && (running.warehouse() == null
                        || fits(settings.warehousePort(), running.warehouse().httpUrl()))
                && (running.flink() == null
                        || (fits(settings.flinkPort(), running.flink().restUrl())
                                && running.flink().taskManagers() == settings.taskManagers()
                                && running.flink().slots() == settings.slots()));
        if (!same) {
            throw new IllegalStateException("Cannot start the local stack in " + folder.path()
                    + ": it is up already with other parts, ports or sizes. Run \"./spindrift down\" first.");
        }
    }

    private static boolean fits(int port, String address) {
        return port == 0 || address.endsWith(":" + port);
    }

    /** Refuses a taken port here, where the user sees it, rather than in the supervisor's log. */
    private void checkPorts() throws IOException {
        Ports ports = Ports.of(folder);
        ports.choose("kafka", settings.kafkaPort());
        ports.choose("warehouse", settings.warehousePort());
        ports.choose("flink", settings.flinkPort());
    }

    private List<String> command(List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        // In a session of its own, where the terminal's Ctrl-C and hang-up do not reach it.
        findOnPath("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
        command.add("-Dspindrift.root=" + settings.root());
        command.add("-cp");
        command.add(System.getProperty("java.class.path")
                .replace(
                        LocalStack.ownClasses().toString(),
                        folder.copyOf(LocalStack.ownClasses()).toString()));
        command.add(LocalCommand.class.getName());
        command.add("up");
        command.add("--foreground");
        command.addAll(options);
        command.add("--state-dir");
        command.add(folder.path().toString());
        return command;
    }

    private static Optional<Path> findOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void awaitState(Process process, Path log) throws IOException, InterruptedException {
        while (running(folder)
                .filter(state -> state.supervisor().pid() == process.pid())
                .isEmpty()) {
            if (!process.isAlive()) {
                throw new IOException(Files.readString(log).strip());
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private StackState ofSupervisor(Process process, Path log) {
        try {
            if (!process.isAlive()) {
                throw new IllegalStateException(Files.readString(log).strip());
            }
            return folder.read()
                    .orElseThrow(() -> new IllegalStateException(
                            "Cannot start the local stack: it was stopped" + " while it started. See " + log + "."));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private StackState stateOf(StackState.RunningProcess supervisor) {
        try {
            return folder.read()
                    .filter(state -> supervisor.alive())
                    .orElseThrow(() -> new IllegalStateException("Cannot wait for the local stack: it was stopped"
                            + " meanwhile. Run \"./spindrift up\" again."));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void close(LocalStack stack) {
        try {
            stack.close();
        } catch (IOException failure) {
            err.println("Cannot stop the local stack cleanly: " + failure.getMessage());
        }
    }
}
