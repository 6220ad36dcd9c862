package dev.spindrift.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is deleted, with all in it, when it is closed. */
final class TemporaryFolder implements Closeable {
    private final Path path;

    TemporaryFolder() throws IOException {
        path = Files.createTempDirectory("spindrift-bench");
    }

    /** Makes a folder in it. */
    Path make(String name) throws IOException {
        return Files.createDirectory(path.resolve(name));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
