package dev.spindrift.bench.torch;

import ai.djl.engine.Engine;
import java.util.LinkedHashMap;
import java.util.Map;

/** The versions of what the benchmark runs on. */
public final class Versions {
    private Versions() {}

    /** By name. The engine has been started. */
    public static Map<String, String> all() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("jdk", Runtime.version().toString());
        versions.put("libtorch", Engine.getEngine("PyTorch").getVersion());
        versions.put("djl", Engine.getDjlVersion());
        return versions;
    }
}
