package dev.spindrift.pipeline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The few calls of a Flink cluster's REST interface that submitting a jar takes. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /**
     * @param url where the cluster's web page is, such as {@code http://localhost:8081}
     */
    FlinkRest(String url) {
        this.base = URI.create(url.endsWith("/") ? url : url + "/");
    }

    /** Uploads a jar and returns the id that the cluster knows it by. */
    String upload(Path jar) throws IOException, InterruptedException {
        String boundary = "spindrift-" + UUID.randomUUID();
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(
                        "--" + boundary + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                                + jar.getFileName() + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n"),
                BodyPublishers.ofFile(jar),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        JsonNode reply = send(HttpRequest.newBuilder(base.resolve("jars/upload"))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(body)
                .build());
        String name = reply.path("filename").asText();
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /**
     * Runs an uploaded jar and returns the job's id.
     *
     * @param parallelism 0 for the cluster's default
     * @param savepoint where to restore state from, or null to start without
     */
    String run(String jarId, List<String> arguments, int parallelism, @Nullable String savepoint)
            throws IOException, InterruptedException {
        ObjectNode request = JSON.createObjectNode();
        arguments.forEach(request.putArray("programArgsList")::add);
        if (parallelism > 0) {
            request.put("parallelism", parallelism);
        }
        if (savepoint != null) {
            request.put("savepointPath", savepoint);
        }
        return send(HttpRequest.newBuilder(base.resolve("jars/" + jarId + "/run"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(request.toString()))
                        .build())
                .path("jobid")
                .asText();
    }

    /** Takes an uploaded jar away again. */
    void delete(String jarId) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(base.resolve("jars/" + jarId)).DELETE().build());
    }

    /** The cluster's jobs: an array of objects with {@code jid}, {@code name} and {@code state}. */
    JsonNode jobs() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve("jobs/overview")).build())
                .path("jobs");
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IOException(
                    "Cannot reach Flink at " + base + ": " + e + ". Give the cluster's address with --rest-url.", e);
        }
        if (response.statusCode() / 100 != 2) {
            throw new CommandFailedException("Cannot " + request.method() + " " + request.uri() + ": Flink answered "
                    + response.statusCode() + ": " + firstError(response.body()));
        }
        return JSON.readTree(response.body());
    }

    /** The part of Flink's error that a person needs: the causes' messages, without the stack traces. */
    private static String firstError(String body) {
        try {
            StringBuilder text = new StringBuilder();
            for (JsonNode error : JSON.readTree(body).path("errors")) {
                error.asText()
                        .lines()
                        .filter(line -> !line.startsWith("\tat ") && !line.startsWith("\t..."))
                        .limit(40)
                        .forEach(line -> text.append(line).append('\n'));
            }
            return text.isEmpty() ? body : text.toString();
        } catch (IOException notJson) {
            return body;
        }
    }
}
