package dev.spindrift.local.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** Asks the parts of a stack whether they answer; each question has its limit, so a dead part costs no more. */
final class Readiness {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    /** The parts that do not answer yet, each with what is wrong. */
    List<String> missing(StackState state) throws InterruptedException {
        List<String> missing = new ArrayList<>();
        if (state.kafka() != null && !kafkaAnswers(state.kafka())) {
            missing.add("kafka does not answer at " + state.kafka().bootstrapServers());
        }
        if (state.warehouse() != null && !warehouseAnswers(state.warehouse())) {
            missing.add("warehouse does not answer at " + state.warehouse().httpUrl());
        }
        if (state.flink() != null) {
            flinkLacks(state.flink()).ifPresent(missing::add);
        }
        return missing;
    }

    /** The jobs Flink knows, as its REST interface lists them; none when it does not answer. */
    List<JsonNode> jobs(StackState.FlinkAddress flink) throws InterruptedException {
        List<JsonNode> jobs = new ArrayList<>();
        get(flink.restUrl() + "/jobs/overview")
                .ifPresent(overview -> overview.path("jobs").forEach(jobs::add));
        return jobs;
    }

    private static boolean kafkaAnswers(StackState.KafkaAddress kafka) throws InterruptedException {
        int port = Integer.parseInt(
                kafka.bootstrapServers().substring(kafka.bootstrapServers().lastIndexOf(':') + 1));
        if (Ports.free(port)) {
            return false;
        }
        Properties properties = new Properties();
        properties.putAll(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(LIMIT.toMillis()),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(LIMIT.toMillis())));
        Admin admin = Admin.create(properties);
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | java.util.concurrent.TimeoutException | KafkaException unanswered) {
            return false;
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /** Any HTTP answer will do: only a running warehouse gives one. */
    private boolean warehouseAnswers(StackState.WarehouseAddress warehouse) throws InterruptedException {
        try {
            http.send(request(warehouse.httpUrl() + "/"), HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException unanswered) {
            return false;
        }
    }

    private Optional<String> flinkLacks(StackState.FlinkAddress flink) throws InterruptedException {
        Optional<JsonNode> overview = get(flink.restUrl() + "/overview");
        if (overview.isEmpty()) {
            return Optional.of("flink does not answer at " + flink.restUrl());
        }
        int registered = overview.get().path("taskmanagers").asInt();
        if (registered < flink.taskManagers()) {
            return Optional.of("flink has " + registered + " of " + flink.taskManagers() + " TaskManagers registered");
        }
        int slots = overview.get().path("slots-total").asInt();
        if (slots < flink.taskManagers() * flink.slots()) {
            return Optional.of("flink has " + slots + " of " + flink.taskManagers() * flink.slots() + " slots");
        }
        return Optional.empty();
    }

    private Optional<JsonNode> get(String url) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(request(url), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    ? Optional.of(StateFolder.JSON.readTree(response.body()))
                    : Optional.empty();
        } catch (IOException unanswered) {
            return Optional.empty();
        }
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT).GET().build();
    }
}
