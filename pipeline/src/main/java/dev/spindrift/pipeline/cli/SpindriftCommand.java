package dev.spindrift.pipeline.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line beside the job: what {@code ./spindrift} runs for everything but the local stack itself. */
@Command(
        name = "spindrift",
        description = "Keeps a Snowflake table of embeddings true to a stream of documents.",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        subcommands = {
            SetupCommand.class,
            PublishCommand.class,
            SubmitCommand.class,
            SearchCommand.class,
            ActivateCommand.class,
            ModelCommand.class,
            EmbedCommand.class,
            EvaluateCommand.class,
            VerifyCommand.class,
            DemoCommand.class
        })
public final class SpindriftCommand {

    private static final Logger DRIVER_LOG = Logger.getLogger("net.snowflake");

    private SpindriftCommand() {}

    /** Runs one command; the exit code is 0 if it did what it says, 1 if it could not, 2 if it was called wrongly. */
    public static void main(String[] args) {
        // Documents are in any script, whatever the terminal's locale was set to.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        // The driver logs what it also throws, in long lines; a person reads the exception's message.
        DRIVER_LOG.setLevel(Level.OFF);
        System.exit(run(args));
    }

    static int run(String... args) {
        return new CommandLine(new SpindriftCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(message(failure));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args);
    }

    /** What to tell a person: our own errors begin alike and name the way out; others get their type, so as to be found. */
    private static String message(Exception failure) {
        String message = failure.getMessage();
        return message != null && message.startsWith("Cannot ") ? message : "Failed: " + failure;
    }

    /** The version that Maven wrote into the jar's manifest. */
    static final class JarVersion implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = SpindriftCommand.class.getPackage().getImplementationVersion();
            return new String[] {"spindrift " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
