package dev.spindrift.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The processor that the benchmark runs on, as Linux describes it.
 *
 * @param processor its name
 * @param cores how many this process may use
 * @param flags which of the instruction sets that matter here it has
 */
record Machine(String processor, int cores, List<String> flags) {
    private static final List<String> KNOWN =
            List.of("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8");

    static Machine here() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
        Set<String> flags = Set.of(value(lines, "flags").split(" "));
        return new Machine(
                value(lines, "model name") + ", family " + value(lines, "cpu family") + " model "
                        + value(lines, "model"),
                Runtime.getRuntime().availableProcessors(),
                KNOWN.stream().filter(flags::contains).toList());
    }

    /** Whether products of bfloat16 numbers are faster than those of 32-bit floats. */
    boolean hasBf16() {
        return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
    }

    /** Whether products of 8-bit integers are. */
    boolean hasInt8() {
        return flags.contains("avx512_vnni") || flags.contains("amx_int8");
    }

    /** How many threads wanted a processor over the last minute, this process's among them. */
    static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key)
                        && line.substring(key.length()).strip().startsWith(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
