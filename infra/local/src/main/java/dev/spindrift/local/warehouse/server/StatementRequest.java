package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spindrift.local.warehouse.engine.Bind;
import java.util.List;
import java.util.Map;

/**
 * What a client asks to run.
 *
 * @param describeOnly whether to say only what it would take and give
 * @param async whether to answer at once and let the client ask for the result
 * @param address of this server as the client knows it, such as {@code http://127.0.0.1:8080}
 */
record StatementRequest(
        String sql, List<Bind> binds, boolean describeOnly, boolean async, JsonNode parameters, String address) {

    static StatementRequest read(JsonNode body, String address) {
        if (body.path("bindStage").isTextual()) {
            throw new ProtocolFailure(
                    "002013",
                    "0A000",
                    "Cannot read binds from the stage " + body.path("bindStage").asText()
                            + ": the local warehouse takes them inline. Do not set"
                            + " CLIENT_STAGE_ARRAY_BINDING_THRESHOLD.");
        }
        return new StatementRequest(
                body.path("sqlText").asText(""),
                BindReader.read(body.path("bindings")),
                body.path("describeOnly").asBoolean(false),
                body.path("asyncExec").asBoolean(false),
                body.path("parameters"),
                address);
    }

    /** A parameter of this statement, else of the session, else a default. */
    long number(String name, Map<String, String> session, long otherwise) {
        JsonNode own = parameters.path(name);
        String text = own.isMissingNode() || own.isNull() ? session.get(name) : own.asText();
        try {
            return text == null ? otherwise : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ProtocolFailure(
                    "001008", "22023", "Cannot use '" + text + "' as " + name + ": it is not a number.");
        }
    }
}
