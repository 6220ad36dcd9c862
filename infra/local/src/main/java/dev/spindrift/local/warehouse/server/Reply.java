package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A reply's body: the envelope that every endpoint answers in, HTTP 200 even for a failed statement. */
final class Reply {
    private final byte[] body;

    private Reply(byte[] body) {
        this.body = body;
    }

    byte[] body() {
        return body;
    }

    static Reply success(JsonNode data) {
        return of(data, null, null, true);
    }

    static Reply pending(Query query, boolean async) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("queryId", query.id());
        data.put("getResultUrl", "/queries/" + query.id() + "/result");
        data.put("queryAbortsAfterSecs", 300);
        data.putArray("progressStepTitles");
        String code = async ? "333334" : "333333";
        String message = async
                ? "Query execution in progress asynchronously. Use provided query id to perform query monitoring and"
                        + " management."
                : "Query execution in progress. Please poll the result URL.";
        return of(data, code, message, true);
    }

    static Reply failure(ProtocolFailure failure) {
        return failure(failure.code(), failure.sqlState(), String.valueOf(failure.getMessage()), null);
    }

    static Reply failure(String code, String sqlState, String message, @Nullable String queryId) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("internalError", false);
        data.put("errorCode", code);
        data.put("sqlState", sqlState);
        data.put("queryId", queryId);
        data.put("line", -1);
        data.put("pos", -1);
        return of(data, code, message, false);
    }

    private static Reply of(JsonNode data, @Nullable String code, @Nullable String message, boolean success) {
        ObjectNode reply = Json.MAPPER.createObjectNode();
        reply.set("data", data);
        reply.put("code", code);
        reply.put("message", message);
        reply.put("success", success);
        try {
            return new Reply(Json.MAPPER.writeValueAsBytes(reply));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write a reply as JSON.", e);
        }
    }
}
