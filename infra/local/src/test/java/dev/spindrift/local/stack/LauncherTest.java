package dev.spindrift.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code spindrift} script in a clone of its own, called through a link, with stand-ins for java and mvn. */
class LauncherTest {
    @TempDir
    Path temporary;

    private Path clone;
    private Path link;
    private Path tools;

    @BeforeEach
    void layOutAClone() throws IOException {
        clone = Files.createDirectories(temporary.resolve("a clone"));
        Files.copy(Repository.ROOT.resolve("spindrift"), clone.resolve("spindrift"));
        link = Files.createSymbolicLink(temporary.resolve("link"), clone.resolve("spindrift"));
        tools = Files.createDirectories(temporary.resolve("jdk/bin"));
        java("17.0.15");
        for (String module : new String[] {"udf", "pipeline", "infra/local"}) {
            Files.createDirectories(clone.resolve(module).resolve("src/main"));
            Files.createDirectories(clone.resolve(module).resolve("target"));
        }
        script("mvn", """
                echo "mvn $*"
                mkdir -p infra/local/target/lib infra/local/flink-dist/target/lib
                touch udf/target/spindrift-udf.jar pipeline/target/spindrift-pipeline.jar
                touch infra/local/target/spindrift-local.jar
                """);
    }

    @Test
    void tellsItsUseWithoutACommand() throws Exception {
        Result result = run();

        assertThat(result.code).isZero();
        assertThat(result.output).contains("Usage: ./spindrift COMMAND", "demo", "status");
    }

    @Test
    void buildsOnceAndPassesArgumentsOn() throws Exception {
        Result first = run("status", "--json");
        assertThat(first.output).contains("mvn -q", "-DskipTests package", "LocalCommand status --json");

        Result second = run("search", "two words");
        assertThat(second.output).doesNotContain("mvn").contains("SpindriftCommand search two words");

        Files.writeString(clone.resolve("udf/src/main/New.java"), "class New {}");
        Files.setLastModifiedTime(
                clone.resolve("udf/src/main/New.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run("status").output).contains("mvn -q");
    }

    @Test
    void refusesAnOldJava() throws Exception {
        java("11.0.2");

        Result result = run("status");

        assertThat(result.code).isEqualTo(1);
        assertThat(result.output).contains("Java 11", "JDK 17 or newer", "JAVA_HOME");
    }

    @Test
    void endsTheDemoWithItsExitCodeAfterStoppingWhatItStarted() throws Exception {
        script("java", """
                [ "$1" != -version ] || { echo 'openjdk version "17"' >&2; exit 0; }
                echo "java $*"
                case "$*" in *"SpindriftCommand demo"*) exit 5 ;; esac
                """);

        Result result = run("demo", "--once");

        assertThat(result.code).isEqualTo(5);
        assertThat(result.output)
                .containsSubsequence("LocalCommand up", "SpindriftCommand demo --once", "LocalCommand down");
    }

    private void java(String version) throws IOException {
        script("java", """
                [ "$1" != -version ] || { echo 'openjdk version "%s"' >&2; exit 0; }
                echo "java $*"
                """.formatted(version));
    }

    private void script(String name, String body) throws IOException {
        Path file = tools.resolve(name);
        Files.writeString(file, "#!/usr/bin/env bash\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(link.toString());
        builder.command().addAll(List.of(arguments));
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", temporary.resolve("jdk").toString());
        environment.put("PATH", tools + ":" + environment.get("PATH"));
        environment.remove("SPINDRIFT_STATE");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    private record Result(int code, String output) {}
}
