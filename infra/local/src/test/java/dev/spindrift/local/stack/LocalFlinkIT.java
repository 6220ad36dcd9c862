package dev.spindrift.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFlinkIT {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path temporary;

    @Test
    void runsAClusterThatReplacesAKilledTaskManagerAndLeavesNoProcess() throws Exception {
        StackSettings settings = StackSettings.of(Repository.ROOT, temporary.resolve("a folder"))
                .only(Part.FLINK)
                .withTaskManagers(1, 3);
        List<ProcessHandle> processes;
        try (LocalStack stack = LocalStack.start(settings)) {
            JsonNode overview = ask(stack, "/overview");
            assertThat(overview.path("taskmanagers").asInt()).isEqualTo(1);
            assertThat(overview.path("slots-total").asInt()).isEqualTo(3);
            assertThat(stack.processes()).containsExactly("zookeeper", "jobmanager", "taskmanager-1");

            String address = taskManagerAddress(stack);
            ProcessHandle.of(stack.pid("taskmanager-1")).orElseThrow().destroyForcibly();
            String fresh = address;
            while (fresh.isEmpty() || fresh.equals(address)) {
                stack.awaitReady();
                fresh = taskManagerAddress(stack);
            }

            processes = stack.processes().stream()
                    .map(name -> ProcessHandle.of(stack.pid(name)).orElseThrow())
                    .toList();
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    /** Where the only TaskManager is reached, on a port of its own each time it starts; empty while there is none. */
    private String taskManagerAddress(LocalStack stack) throws IOException, InterruptedException {
        return ask(stack, "/taskmanagers").at("/taskmanagers/0/path").asText();
    }

    private JsonNode ask(LocalStack stack, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(stack.restUrl() + path)).build();
        return new ObjectMapper()
                .readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
