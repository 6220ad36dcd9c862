package dev.spindrift.local.stack;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The commands {@code up}, {@code down} and {@code status} of the local stack. */
public final class LocalCommand {
    static final int NOT_UP = 3;

    private static final int WRONG_USE = 2;
    private static final int FAILED = 1;

    private LocalCommand() {}

    /** Runs the command named first; the system property {@code spindrift.root} names the clone. */
    public static void main(String[] arguments) {
        Path root = Path.of(System.getProperty("spindrift.root", "."));
        System.exit(run(root, Arrays.asList(arguments), System.out, System.err));
    }

    /** Runs a command and gives its exit code. */
    static int run(Path root, List<String> arguments, PrintStream out, PrintStream err) {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> options = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        try {
            if (options.contains("--help") || options.contains("-h")) {
                out.print(help(command));
                return 0;
            }
            return switch (command) {
                case "up" -> up(root, options, out, err);
                case "down" -> down(root, options, err);
                case "status" -> status(root, options, out);
                default ->
                    throw new IllegalArgumentException("Cannot run \"" + command
                            + "\": it is no command of the local stack. Give up, down or status.");
            };
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            return WRONG_USE;
        } catch (AccessDeniedException denied) {
            err.println("Cannot use " + denied.getFile()
                    + ": permission denied. Give a folder of your own with --state-dir.");
            return FAILED;
        } catch (IllegalStateException | IOException failure) {
            err.println(failure.getMessage());
            return FAILED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static int up(Path root, List<String> options, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        CommandLine line = CommandLine.parse(
                "up",
                options,
                Set.of(
                        "--only",
                        "--kafka-port",
                        "--warehouse-port",
                        "--flink-port",
                        "--task-managers",
                        "--slots",
                        "--state-dir"),
                Set.of("--foreground"));
        StackSettings settings = new StackSettings(
                root,
                line.stateDir(root),
                line.parts(),
                line.number("--kafka-port", 0),
                line.number("--warehouse-port", 0),
                line.number("--flink-port", 0),
                line.number("--task-managers", 2),
                line.number("--slots", 2));
        Supervisor supervisor = new Supervisor(settings, err);
        if (line.has("--foreground")) {
            supervisor.runHere(out);
        } else {
            supervisor.startAside(options);
            out.print(StatusReport.of(new StateFolder(settings.stateDir())).text());
        }
        return 0;
    }

    private static int down(Path root, List<String> options, PrintStream err) throws IOException, InterruptedException {
        CommandLine line = CommandLine.parse("down", options, Set.of("--state-dir"), Set.of("--delete"));
        StateFolder folder = new StateFolder(line.stateDir(root));
        boolean wasUp = Supervisor.stop(folder);
        err.println(wasUp ? "The local stack is down." : "The local stack is not up.");
        if (line.has("--delete")) {
            folder.delete();
            err.println("Its data in " + folder.path() + " is deleted.");
        }
        return 0;
    }

    private static int status(Path root, List<String> options, PrintStream out)
            throws IOException, InterruptedException {
        CommandLine line = CommandLine.parse("status", options, Set.of("--state-dir"), Set.of("--json"));
        StatusReport report = StatusReport.of(new StateFolder(line.stateDir(root)));
        out.print(line.has("--json") ? report.json() : report.text());
        return report.complete() ? 0 : NOT_UP;
    }

    private static String help(String command) {
        return switch (command) {
            case "up" -> """
                    Usage: ./spindrift up [options]
                    Starts the local stack and returns when every part answers. Its data stays from one up to the next.

                      --only PART[,PART]    only these of kafka, warehouse, flink; may be repeated
                      --kafka-port N        the broker's port (default: the one used last, or a free one)
                      --warehouse-port N    the warehouse's port (likewise)
                      --flink-port N        the port of Flink's REST interface and web page (likewise)
                      --task-managers N     how many TaskManager processes (default 2)
                      --slots N             how many slots each has (default 2)
                      --state-dir DIR       where data, logs and addresses are kept (default: .spindrift in the
                                            clone, or what SPINDRIFT_STATE says)
                      --foreground          stay, and stop everything when this process ends
                    """;
            case "down" -> """
                    Usage: ./spindrift down [options]
                    Stops the local stack and waits until nothing of it runs. Its data stays.

                      --delete              delete its data, too
                      --state-dir DIR       the folder it was started with
                    """;
            case "status" -> """
                    Usage: ./spindrift status [options]
                    Tells what runs where. Exit code 0 if all that was started answers, 3 otherwise.

                      --json                as one JSON object
                      --state-dir DIR       the folder it was started with
                    """;
            default -> """
                    Usage: ./spindrift up | down | status [options]
                    See each with --help.
                    """;
        };
    }
}
