package dev.spindrift.local.warehouse.engine;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A session's parameters: what it set, over the defaults. Unknown names are kept, since drivers bring their own. */
final class Parameters {
    static final String AUTOCOMMIT = "AUTOCOMMIT";
    static final String LOCK_TIMEOUT = "LOCK_TIMEOUT";
    static final String TIMEZONE = "TIMEZONE";

    private static final Map<String, String> DEFAULTS = defaults();

    private final Map<String, String> values = new TreeMap<>(DEFAULTS);

    /** Snowflake's defaults, but for the time zone, which there is America/Los_Angeles. */
    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put(AUTOCOMMIT, "true");
        defaults.put(LOCK_TIMEOUT, "43200");
        defaults.put(TIMEZONE, "Etc/UTC");
        defaults.put("TIMESTAMP_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM");
        defaults.put("TIMESTAMP_NTZ_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3");
        defaults.put("TIMESTAMP_LTZ_OUTPUT_FORMAT", "");
        defaults.put("TIMESTAMP_TZ_OUTPUT_FORMAT", "");
        defaults.put("DATE_OUTPUT_FORMAT", "YYYY-MM-DD");
        defaults.put("TIME_OUTPUT_FORMAT", "HH24:MI:SS");
        defaults.put("BINARY_OUTPUT_FORMAT", "HEX");
        defaults.put("QUERY_TAG", "");
        defaults.put("STATEMENT_TIMEOUT_IN_SECONDS", "172800");
        return defaults;
    }

    Map<String, String> all() {
        return Map.copyOf(values);
    }

    String get(String name) {
        return values.getOrDefault(name, "");
    }

    void set(String name, String value) {
        values.put(name.toUpperCase(Locale.ROOT), value);
    }

    String reset(String name) {
        String standard = DEFAULTS.getOrDefault(name, "");
        values.put(name, standard);
        return standard;
    }
}
