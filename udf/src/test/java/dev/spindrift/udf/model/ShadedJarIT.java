package dev.spindrift.udf.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The jar that goes into Flink's {@code lib}. */
class ShadedJarIT {

    @Test
    void embedsWithNothingBesideItButALogger() throws Exception {
        String classPath = String.join(
                File.pathSeparator,
                Path.of("target", "spindrift-udf.jar").toAbsolutePath().toString(),
                placeOf(Logger.class),
                placeOf(EmbedOnce.class));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        EmbedOnce.class.getName(),
                        "one text")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output).contains("vector ");
    }

    private static String placeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
