package dev.spindrift.local.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code status} tells.
 *
 * @param state what was started, null when nothing runs
 * @param missing what does not answer, in words
 * @param jobs the jobs of the Flink cluster
 */
record StatusReport(@Nullable StackState state, List<String> missing, List<JsonNode> jobs) {

    static StatusReport of(StateFolder folder) throws IOException, InterruptedException {
        Optional<StackState> state =
                folder.read().filter(found -> found.supervisor().alive());
        if (state.isEmpty()) {
            return new StatusReport(
                    null, List.of("The local stack is not up. Start it with \"./spindrift up\"."), List.of());
        }
        Readiness readiness = new Readiness();
        StackState.FlinkAddress flink = state.get().flink();
        return new StatusReport(
                state.get(), readiness.missing(state.get()), flink == null ? List.of() : readiness.jobs(flink));
    }

    /** Whether all that was asked for answers. */
    boolean complete() {
        return missing.isEmpty();
    }

    /** One JSON object; the parts that were not asked for are null. */
    String json() throws IOException {
        ObjectNode report = StateFolder.JSON.createObjectNode();
        report.set("kafka", StateFolder.JSON.valueToTree(state == null ? null : state.kafka()));
        report.set("warehouse", StateFolder.JSON.valueToTree(state == null ? null : state.warehouse()));
        StackState.FlinkAddress flink = state == null ? null : state.flink();
        if (flink == null) {
            report.putNull("flink");
        } else {
            report.putObject("flink").put("rest_url", flink.restUrl());
        }
        ArrayNode processes = report.putArray("processes");
        if (state != null) {
            for (StackState.RunningProcess process : state.processes()) {
                processes.addObject().put("name", process.name()).put("pid", process.pid());
            }
        }
        ArrayNode listed = report.putArray("jobs");
        for (JsonNode job : jobs) {
            listed.addObject()
                    .put("id", job.path("jid").asText())
                    .put("name", job.path("name").asText())
                    .put("state", job.path("state").asText());
        }
        return StateFolder.JSON.writeValueAsString(report) + "\n";
    }

    /** The same for people. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (state != null) {
            if (state.kafka() != null) {
                line(text, "Kafka", state.kafka().bootstrapServers());
            }
            if (state.warehouse() != null) {
                line(text, "Warehouse", state.warehouse().jdbcUrl());
                line(
                        text,
                        "",
                        "user " + state.warehouse().user() + ", password in "
                                + state.warehouse().passwordFile());
            }
            if (state.flink() != null) {
                line(text, "Flink", state.flink().restUrl());
            }
        }
        for (JsonNode job : jobs) {
            line(
                    text,
                    "Job",
                    job.path("name").asText() + " " + job.path("state").asText() + " "
                            + job.path("jid").asText());
        }
        missing.forEach(what -> text.append(what).append('\n'));
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format("%-10s %s%n", label, value));
    }
}
