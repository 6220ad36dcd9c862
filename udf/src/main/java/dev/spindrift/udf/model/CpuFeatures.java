package dev.spindrift.udf.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What this machine's processor can do, as Linux lists it in {@code /proc/cpuinfo}. */
final class CpuFeatures {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final Set<String> FLAGS =
            Set.of(line("flags").orElse("").trim().split("\\s+", -1));

    private CpuFeatures() {}

    /** Whether products of bfloat16 matrices are faster than of 32-bit ones; without this they are several times slower. */
    static boolean multipliesBfloat16() {
        return FLAGS.contains("avx512_bf16") || FLAGS.contains("amx_bf16");
    }

    /** Whether it multiplies bytes without intermediate sums that can overflow. */
    static boolean multipliesBytes() {
        return FLAGS.contains("avx512_vnni") || FLAGS.contains("avx_vnni");
    }

    /** The processor's own name, such as {@code Intel(R) Xeon(R) Platinum 8481C}; else that of its architecture. */
    static String processor() {
        return line("model name").orElse(System.getProperty("os.arch"));
    }

    /** What the first line of this name says; empty where there is none, or no such file. */
    private static Optional<String> line(String name) {
        try (var lines = Files.lines(CPUINFO)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
