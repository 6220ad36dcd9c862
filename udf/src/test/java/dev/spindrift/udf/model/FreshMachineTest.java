package dev.spindrift.udf.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that begin with an empty cache and, by a proxy that refuses, without a network. */
class FreshMachineTest {
    private static final String TEXT = "Offsets are committed with the checkpoint.";

    @TempDir
    private Path folder;

    @Test
    void startsTwoProcessesAtOnceOnAnEmptyCacheWithoutTheNetwork() throws Exception {
        Path cache = folder.resolve("cache");
        List<Process> processes = List.of(start(cache, "one"), start(cache, "two"));
        for (Process process : processes) {
            assertThat(process.waitFor()).as(logs()).isZero();
        }

        String expected;
        try (EmbeddingModel model = Models.open(ModelSettings.of("builtin"), "cpu")) {
            expected = "vector " + Fingerprint.of(Arrays.toString(model.embedDocument(TEXT)));
        }
        assertThat(folder.resolve("one.out")).content().contains(expected);
        assertThat(folder.resolve("two.out")).content().contains(expected);
        try (Stream<Path> archives = Files.list(cache.resolve("models"))) {
            assertThat(archives).hasSize(1);
        }
        assertThat(cache.resolve("djl/pytorch")).isDirectory();
    }

    private Process start(Path cache, String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dhttp.proxyHost=127.0.0.1",
                "-Dhttp.proxyPort=1",
                "-Dhttps.proxyHost=127.0.0.1",
                "-Dhttps.proxyPort=1",
                "-cp",
                System.getProperty("java.class.path"),
                EmbedOnce.class.getName(),
                TEXT);
        builder.environment().remove("DJL_CACHE_DIR");
        builder.environment().remove("ENGINE_CACHE_DIR");
        builder.environment().put("SPINDRIFT_CACHE", cache.toString());
        builder.environment().put("HOME", folder.toString());
        return builder.redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .start();
    }

    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (String name : List.of("one.out", "one.err", "two.out", "two.err")) {
            logs.append(Files.readString(folder.resolve(name), StandardCharsets.UTF_8));
        }
        return logs.toString();
    }
}
