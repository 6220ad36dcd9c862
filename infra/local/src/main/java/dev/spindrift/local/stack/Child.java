package dev.spindrift.local.stack;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that is started again whenever it ends, until it is stopped.
 *
 * <p>The first restart follows within a fraction of a second; a process that keeps ending waits longer each
 * time, up to a few seconds, and one that has run well for a while starts over at the short wait.
 */
final class Child {
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration RUNS_WELL = Duration.ofSeconds(30);

    private final JavaCommand command;
    private final StateFolder folder;
    private final Runnable whenChanged;
    private final Thread watch;

    private @Nullable Process process;
    private int endings;
    private boolean stopping;

    /** The listener is told, on this child's own thread, each time the process was started. */
    Child(JavaCommand command, StateFolder folder, Runnable whenChanged) {
        this.command = command;
        this.folder = folder;
        this.whenChanged = whenChanged;
        this.watch = new Thread(this::keepRunning, "watch-" + command.name());
        watch.setDaemon(true);
    }

    String name() {
        return command.name();
    }

    /** Starts the process the first time; a failure to start it at all is the caller's to report. */
    void start() throws IOException {
        launch();
        watch.start();
    }

    synchronized StackState.RunningProcess running() {
        if (process == null) {
            throw new IllegalStateException("Cannot describe " + name() + ": it was never started.");
        }
        return StackState.RunningProcess.of(name(), process.toHandle(), endings);
    }

    /** Asks the process to end; {@link #awaitEnd} waits for it. */
    synchronized void stop() {
        stopping = true;
        watch.interrupt();
        if (process != null) {
            process.destroy();
        }
    }

    /** Waits for the process to end and kills it when the patience is used up. */
    void awaitEnd(Duration patience) throws InterruptedException {
        Process last;
        synchronized (this) {
            last = process;
        }
        if (last != null && !last.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            last.destroyForcibly();
            last.waitFor();
        }
    }

    private synchronized boolean launch() throws IOException {
        if (stopping) {
            return false;
        }
        process = command.processIn(folder, folder.freshTemporary(name())).start();
        return true;
    }

    private void keepRunning() {
        Duration wait = SHORTEST_WAIT;
        try {
            while (true) {
                Instant started = Instant.now();
                int exitCode = awaitExit();
                if (Duration.between(started, Instant.now()).compareTo(RUNS_WELL) > 0) {
                    wait = SHORTEST_WAIT;
                }
                if (!countEnding()) {
                    return;
                }
                System.err.println(Instant.now() + " " + name() + " ended with exit code " + exitCode
                        + "; starting it again in " + wait.toMillis() + " ms");
                Thread.sleep(wait.toMillis());
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
                if (!relaunch()) {
                    return;
                }
                whenChanged.run();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private int awaitExit() throws InterruptedException {
        Process current;
        synchronized (this) {
            if (process == null) {
                return 0;
            }
            current = process;
        }
        return current.waitFor();
    }

    private synchronized boolean countEnding() {
        endings++;
        return !stopping;
    }

    /** Starts the process again; what keeps it from starting (no memory, no disk) may pass, so it is tried again. */
    private boolean relaunch() {
        try {
            return launch();
        } catch (IOException failure) {
            System.err.println(Instant.now() + " cannot start " + name() + " again: " + failure.getMessage());
            return true;
        }
    }
}
