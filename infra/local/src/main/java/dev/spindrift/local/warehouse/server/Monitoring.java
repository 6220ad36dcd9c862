package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What {@code /monitoring/queries/{id}} says of a statement. */
final class Monitoring {
    private Monitoring() {}

    static Reply describe(Optional<Query> found) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode queries = data.putArray("queries");
        found.ifPresent(query -> queries.addObject()
                .put("id", query.id())
                .put("status", status(query))
                .put("state", query.finished() ? "SUCCEEDED" : "RUNNING")
                .put("errorCode", query.errorCode())
                .put("errorMessage", query.errorMessage())
                .put("sqlText", query.sql())
                .put("startTime", query.started())
                .put("endTime", query.ended())
                .put(
                        "totalDuration",
                        (query.finished() ? query.ended() : System.currentTimeMillis()) - query.started()));
        return Reply.success(data);
    }

    private static String status(Query query) {
        if (!query.finished()) {
            return "RUNNING";
        }
        return query.errorCode() == null ? "SUCCESS" : "FAILED_WITH_ERROR";
    }
}
