package dev.spindrift.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path temporary;

    private Path state;

    @BeforeEach
    void chooseAFolder() {
        state = temporary.resolve("a folder");
    }

    @AfterEach
    void leaveNothingRunning() {
        run("down");
    }

    @Test
    void startsTellsAndStops() throws Exception {
        assertThat(run("up", "--only", "kafka"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        JsonNode first = status();
        assertThat(first.fieldNames()).toIterable().containsExactly("kafka", "warehouse", "flink", "processes", "jobs");
        assertThat(first.at("/kafka/bootstrap_servers").asText()).startsWith("127.0.0.1:");
        assertThat(first.at("/warehouse").isNull()).isTrue();
        assertThat(first.at("/flink").isNull()).isTrue();
        ProcessHandle broker = processOf(first, "kafka");
        assertThat(broker.isAlive()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("warehouse-password"))))
                .isEqualTo("rw-------");

        assertThat(run("up", "--only=kafka")).as("a second up").isZero();
        assertThat(status()).isEqualTo(first);
        assertThat(run("up")).as("an up of more").isEqualTo(1);
        assertThat(errors()).contains("./spindrift down");

        assertThat(run("down")).isZero();
        assertThat(broker.isAlive()).isFalse();
        assertThat(run("status")).isEqualTo(LocalCommand.NOT_UP);

        assertThat(run("up", "--only", "kafka")).isZero();
        assertThat(status().path("kafka")).as("the same port").isEqualTo(first.path("kafka"));
        ProcessHandle supervisor = ProcessHandle.of(
                        new StateFolder(state).read().orElseThrow().supervisor().pid())
                .orElseThrow();
        ProcessHandle second = processOf(status(), "kafka");
        supervisor.destroyForcibly();
        second.onExit().get();
        assertThat(run("down", "--delete")).isZero();
        assertThat(state).doesNotExist();
    }

    @Test
    void refusesATakenPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            assertThat(run("up", "--only", "kafka", "--kafka-port", port)).isEqualTo(1);

            assertThat(errors()).contains("Cannot use port " + port, "--kafka-port");
        }
    }

    @Test
    void namesTheWayOutOfWrongUse() {
        assertThat(run("up", "--only", "kafak")).isEqualTo(2);
        assertThat(errors()).contains("kafka, warehouse, flink");
        assertThat(run("up", "--kafka-port", "many")).isEqualTo(2);
        assertThat(errors()).contains("not a whole number");
        assertThat(run("up", "--port", "1")).isEqualTo(2);
        assertThat(errors()).contains("./spindrift up --help");
        assertThat(run("up", "--task-managers", "0")).isEqualTo(2);
        assertThat(errors()).contains("at least 1");
    }

    @Test
    void helpsWithEachCommand() {
        for (String command : List.of("up", "down", "status")) {
            out.reset();
            assertThat(run(command, "--help")).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("./spindrift " + command);
        }
    }

    @Test
    void namesTheBuildWhenJarsAreMissing() {
        List<String> arguments = List.of("up", "--only", "kafka", "--foreground", "--state-dir", state.toString());

        int code = LocalCommand.run(temporary, arguments, new PrintStream(out), new PrintStream(err));

        assertThat(code).isEqualTo(1);
        assertThat(errors()).contains("mvn -DskipTests package");
    }

    private int run(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--help")) {
            arguments.addAll(List.of("--state-dir", state.toString()));
        }
        out.reset();
        err.reset();
        return LocalCommand.run(
                Repository.ROOT,
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private JsonNode status() throws Exception {
        assertThat(run("status", "--json")).isZero();
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static ProcessHandle processOf(JsonNode status, String name) {
        for (JsonNode process : status.path("processes")) {
            if (process.path("name").asText().equals(name)) {
                return ProcessHandle.of(process.path("pid").asLong()).orElseThrow();
            }
        }
        throw new AssertionError("no process " + name + " in " + status);
    }
}
