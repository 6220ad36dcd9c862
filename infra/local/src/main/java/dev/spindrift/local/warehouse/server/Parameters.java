package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Session parameters as drivers are told of them. */
final class Parameters {
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("AUTOCOMMIT", "true"),
            Map.entry("TIMEZONE", "UTC"),
            Map.entry("TIMESTAMP_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM"),
            Map.entry("TIMESTAMP_NTZ_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3"),
            Map.entry("TIMESTAMP_LTZ_OUTPUT_FORMAT", ""),
            Map.entry("TIMESTAMP_TZ_OUTPUT_FORMAT", ""),
            Map.entry("TIMESTAMP_TYPE_MAPPING", "TIMESTAMP_NTZ"),
            Map.entry("DATE_OUTPUT_FORMAT", "YYYY-MM-DD"),
            Map.entry("TIME_OUTPUT_FORMAT", "HH24:MI:SS"),
            Map.entry("BINARY_OUTPUT_FORMAT", "HEX"),
            Map.entry("CLIENT_RESULT_CHUNK_SIZE", "160"),
            Map.entry("CLIENT_PREFETCH_THREADS", "4"),
            Map.entry("CLIENT_MEMORY_LIMIT", "1536"),
            Map.entry("CLIENT_SESSION_KEEP_ALIVE", "false"),
            Map.entry("CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY", "3600"),
            Map.entry("CLIENT_HONOR_CLIENT_TZ_FOR_TIMESTAMP_NTZ", "true"),
            Map.entry("CLIENT_TIMESTAMP_TYPE_MAPPING", "TIMESTAMP_LTZ"));

    /** What a client cannot change here: results are JSON, binds come inline, and nobody reads telemetry. */
    private static final Map<String, String> FIXED = Map.of(
            "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD", "0",
            "CLIENT_TELEMETRY_ENABLED", "false",
            "JDBC_QUERY_RESULT_FORMAT", "JSON",
            "QUERY_RESULT_FORMAT", "JSON");

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");

    private Parameters() {}

    static ArrayNode describe(Map<String, String> session) {
        TreeMap<String, String> all = new TreeMap<>(DEFAULTS);
        session.forEach((name, value) -> all.put(name.toUpperCase(Locale.ROOT), value));
        all.putAll(FIXED);
        ArrayNode list = Json.MAPPER.createArrayNode();
        all.forEach((name, value) -> {
            ObjectNode entry = list.addObject().put("name", name);
            if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
                entry.put("value", Boolean.parseBoolean(value.toLowerCase(Locale.ROOT)));
            } else if (NUMBER.matcher(value).matches()) {
                entry.put("value", Integer.parseInt(value));
            } else {
                entry.put("value", value);
            }
        });
        return list;
    }
}
