package dev.spindrift.pipeline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the demo came to.
 *
 * @param documents live documents in the warehouse
 * @param chunks their chunks
 * @param vectors distinct texts embedded
 * @param duplicates chunks that share the vector of another chunk
 * @param rejected records rejected
 * @param verified whether the five invariants hold
 * @param allHeld whether every check held, {@code verified} among them
 * @param seconds from the first published page to the last check
 */
record DemoReport(
        long documents,
        long chunks,
        long vectors,
        long duplicates,
        long rejected,
        boolean verified,
        boolean allHeld,
        long seconds) {

    String toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("documents", documents);
        json.put("chunks", chunks);
        json.put("vectors", vectors);
        json.put("duplicates", duplicates);
        json.put("rejected", rejected);
        json.put("verify", verified ? "ok" : "broken");
        json.put("seconds", seconds);
        return json.toString();
    }
}
