package dev.spindrift.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFlinkIT {
    private static final Path FLINK_LIB = Repository.ROOT.resolve("infra/local/flink-dist/target/lib");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path temporary;

    @Test
    void keepsAJobRunningThroughKilledProcessesAndLeavesNone() throws Exception {
        StackSettings settings = StackSettings.of(Repository.ROOT, temporary.resolve("a folder"))
                .only(Part.FLINK)
                .withTaskManagers(1, 2);
        List<ProcessHandle> processes;
        try (LocalStack stack = LocalStack.start(settings)) {
            JsonNode overview = ask(stack, "/overview");
            assertThat(overview.path("taskmanagers").asInt()).isEqualTo(1);
            assertThat(overview.path("slots-total").asInt()).isEqualTo(2);
            assertThat(stack.processes()).containsExactly("zookeeper", "jobmanager", "taskmanager-1");
            String job = submit(stack);
            awaitJob(
                    stack,
                    job,
                    checkpoints -> checkpoints.at("/counts/completed").asInt() > 0);

            kill(stack, "taskmanager-1");
            awaitJob(
                    stack,
                    job,
                    checkpoints -> !checkpoints.at("/latest/restored").isMissingNode()
                            && checkpoints.at("/counts/restored").asInt() == 1);

            kill(stack, "jobmanager");
            // The new JobManager counts from nothing, and so knows one restore again.
            awaitJob(
                    stack,
                    job,
                    checkpoints -> checkpoints.at("/counts/restored").asInt() == 1
                            && checkpoints.at("/counts/completed").asInt() > 0);

            processes = stack.processes().stream()
                    .map(name -> ProcessHandle.of(stack.pid(name)).orElseThrow())
                    .toList();
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    private static void kill(LocalStack stack, String process) throws Exception {
        ProcessHandle killed = ProcessHandle.of(stack.pid(process)).orElseThrow();
        killed.destroyForcibly();
        killed.onExit().get();
        while (stack.pid(process) == killed.pid()) {
            Thread.sleep(50);
        }
    }

    /** Waits until the job runs and its checkpoints are as asked for. */
    private void awaitJob(LocalStack stack, String job, Predicate<JsonNode> checkpoints) throws InterruptedException {
        boolean done = false;
        while (!done) {
            try {
                done = ask(stack, "/jobs/" + job).path("state").asText().equals("RUNNING")
                        && checkpoints.test(ask(stack, "/jobs/" + job + "/checkpoints"));
            } catch (IOException whileTheJobManagerIsAway) {
                done = false;
            }
            Thread.sleep(200);
        }
    }

    /** Submits a job without end as {@code flink run} does, and gives its id. */
    private String submit(LocalStack stack) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-cp",
                FLINK_LIB.resolve("*").toString(),
                "org.apache.flink.client.cli.CliFrontend",
                "run",
                "-d",
                endlessJob().toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put(
                        "FLINK_CONF_DIR",
                        stack.flinkFolder().resolve("client-conf").toString());
        Process client = builder.start();
        String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(client.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> line.contains("JobID "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    /** A job's jar, compiled here, so that this module needs no Flink on its own class path. */
    private Path endlessJob() throws IOException {
        Path source = temporary.resolve("EndlessJob.java");
        Files.writeString(source, """
                import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
                import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

                public class EndlessJob {
                    public static void main(String[] arguments) throws Exception {
                        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
                        environment.enableCheckpointing(500);
                        // Slow before the shuffle, so that no barrier waits behind full buffers.
                        environment.fromSequence(0, Long.MAX_VALUE - 1)
                                .map(number -> { Thread.sleep(1); return number; })
                                .keyBy(number -> number % 10)
                                .reduce(Long::sum)
                                .sinkTo(new DiscardingSink<>());
                        environment.execute("endless");
                    }
                }
                """);
        String classPath;
        try (Stream<Path> jars = Files.list(FLINK_LIB)) {
            classPath = jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
        Path classes = Files.createDirectory(temporary.resolve("classes"));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath, "-d", classes.toString(), source.toString());
        assertThat(failed).isZero();
        Path jar = temporary.resolve("endless.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file);
                Stream<Path> compiled = Files.list(classes)) {
            for (Path each : compiled.toList()) {
                entries.putNextEntry(new JarEntry(each.getFileName().toString()));
                Files.copy(each, entries);
            }
            entries.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
            entries.write("Manifest-Version: 1.0\nMain-Class: EndlessJob\n".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private JsonNode ask(LocalStack stack, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(stack.restUrl() + path)).build();
        return new ObjectMapper()
                .readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
