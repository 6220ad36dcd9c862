package dev.spindrift.udf.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What this machine's processor can do, as Linux lists it in {@code /proc/cpuinfo}. */
final class CpuFeatures {
    private static final Set<String> FLAGS = flags(Path.of("/proc/cpuinfo"));

    private CpuFeatures() {}

    /** Whether products of bfloat16 matrices are faster than of 32-bit ones; without this they are several times slower. */
    static boolean multipliesBfloat16() {
        return FLAGS.contains("avx512_bf16") || FLAGS.contains("amx_bf16");
    }

    private static Set<String> flags(Path cpuinfo) {
        try (var lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line ->
                            Set.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+", -1)))
                    .orElse(Set.of());
        } catch (IOException e) {
            return Set.of();
        }
    }
}
