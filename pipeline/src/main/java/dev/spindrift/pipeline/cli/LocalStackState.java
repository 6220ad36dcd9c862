package dev.spindrift.pipeline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the local stack listens, read from the file that {@code ./spindrift up} writes, so that the other commands
 * need no addresses while it is up.
 */
final class LocalStackState {
    private static final String FILE = "stack.json";

    private final JsonNode state;

    private LocalStackState(JsonNode state) {
        this.state = state;
    }

    /** The local stack that is up, if one is. */
    static Optional<LocalStackState> find() throws IOException {
        String folder = System.getenv("SPINDRIFT_STATE");
        Path file = Path.of(folder != null ? folder : ".spindrift", FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Optional.of(new LocalStackState(new ObjectMapper().readTree(file.toFile())));
    }

    static LocalStackState required(String instead) throws IOException {
        return find().orElseThrow(() -> new CommandFailedException(
                "Cannot tell where to go: the local stack is not up. Start it with ./spindrift up, or give " + instead
                        + "."));
    }

    String bootstrapServers() {
        return address("kafka", "bootstrap_servers");
    }

    String restUrl() {
        return address("flink", "rest_url");
    }

    String jdbcUrl() {
        return address("warehouse", "jdbc_url");
    }

    /** Whom the warehouse knows, and the file that holds the password. */
    String warehouseLogin() {
        return "user " + address("warehouse", "user") + ", password in " + address("warehouse", "password_file");
    }

    /** Options of the job that the local stack decides, each {@code key=value}. */
    List<String> jobOptions() {
        List<String> options = new ArrayList<>();
        if (has("kafka")) {
            options.add("source.kafka.bootstrap-servers=" + bootstrapServers());
        }
        if (has("warehouse")) {
            options.add("warehouse.url=" + jdbcUrl());
            options.add("warehouse.user=" + address("warehouse", "user"));
            options.add("warehouse.password-file=" + address("warehouse", "password_file"));
            options.add("warehouse.database=" + address("warehouse", "database"));
            options.add("warehouse.schema=" + address("warehouse", "schema"));
        }
        return options;
    }

    private boolean has(String part) {
        return state.path(part).isObject();
    }

    private String address(String part, String name) {
        JsonNode value = state.path(part).path(name);
        if (!value.isTextual()) {
            throw new CommandFailedException("Cannot find the local " + part + ": the stack is up without it."
                    + " Stop it with ./spindrift down and start all of it with ./spindrift up.");
        }
        return value.asText();
    }
}
