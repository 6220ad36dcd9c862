package dev.spindrift.local.stack;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start one tethered Java process.
 *
 * @param name what the process is, such as {@code kafka}
 * @param flags the flags of its JVM; they win over those that every process gets
 * @param classPath where its classes are, less {@link Tether}
 * @param mainClass the class to run
 * @param arguments what its main method gets
 */
record JavaCommand(String name, List<String> flags, List<Path> classPath, String mainClass, List<String> arguments) {

    /** For processes that are asked to be there soon rather than to be fast for long. */
    static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** Libraries read these; set for all, so that nothing reaches for the network or for every core. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "DJL_OFFLINE", "true",
            "OPT_OUT_TRACKING", "true",
            "OMP_NUM_THREADS", "1",
            "SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true");

    ProcessBuilder processIn(StateFolder folder, Path temporary) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:ErrorFile=" + folder.logs().resolve(name + "-crash-%p.log"));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(flags);
        command.add("-cp");
        List<String> entries = new ArrayList<>();
        classPath.forEach(entry -> entries.add(entry.toString()));
        entries.add(folder.tether().toString());
        command.add(String.join(File.pathSeparator, entries));
        command.add(Tether.class.getName());
        command.add(mainClass);
        command.addAll(arguments);

        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.path().toFile());
        builder.environment().putAll(ENVIRONMENT);
        // Flags meant for somebody else's JVM (and the line each JVM prints about them) stay out.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logIn(folder).toFile()));
        return builder;
    }

    Path logIn(StateFolder folder) {
        return folder.logs().resolve(name + ".log");
    }
}
