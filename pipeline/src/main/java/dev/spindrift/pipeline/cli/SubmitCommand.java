package dev.spindrift.pipeline.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = {
            "Submits the job to a running Flink cluster, as flink run -d would.",
            "The cluster needs spindrift-udf.jar in its lib/. Secrets are read where the job runs, from the files that"
                    + " the configuration names or from the environment of the TaskManagers."
        })
final class SubmitCommand implements Callable<Integer> {
    @Mixin
    private GivenConfig given = new GivenConfig();

    @Option(names = "--rest-url", description = "The cluster's address, http://host:port. Default: the local stack's.")
    private @Nullable String restUrl;

    @Option(
            names = {"-p", "--parallelism"},
            description = "Parallel subtasks of each operator. Default: the cluster's.")
    private int parallelism;

    @Option(
            names = {"-s", "--from-savepoint"},
            paramLabel = "PATH",
            description = "Savepoint or retained checkpoint to go on from.")
    private @Nullable String savepoint;

    @Override
    public Integer call() throws Exception {
        List<String> arguments = given.jobArguments();
        String url = restUrl != null
                ? restUrl
                : LocalStackState.required("--rest-url").restUrl();
        String id = submit(new FlinkRest(url), arguments, parallelism, savepoint);
        System.out.println("submitted job " + id + ", " + url + "/#/job/running/" + id + "/overview");
        return 0;
    }

    /** Uploads the jar that this command itself runs from, and starts it. */
    static String submit(FlinkRest flink, List<String> arguments, int parallelism, @Nullable String savepoint)
            throws Exception {
        String jar = flink.upload(jobJar());
        try {
            return flink.run(jar, arguments, parallelism, savepoint);
        } finally {
            // A running job has its own copy.
            flink.delete(jar);
        }
    }

    private static Path jobJar() throws URISyntaxException {
        Path jar = Path.of(SubmitCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (!Files.isRegularFile(jar)) {
            throw new CommandFailedException("Cannot submit " + jar
                    + ": it is not a jar. Build it with mvn -DskipTests package and run ./spindrift submit.");
        }
        return jar;
    }
}
