package dev.spindrift.udf.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The folder for what can be made again: unpacked native libraries and written archives.
 *
 * <p>It is {@code SPINDRIFT_CACHE} if the environment has it, else {@code spindrift-cache-<user>} below the Java
 * property {@code java.io.tmpdir}. In a temporary folder that others share, only this user may own and enter it: code
 * is loaded from there.
 */
final class CacheFolder {
    static final String VARIABLE = "SPINDRIFT_CACHE";

    private CacheFolder() {}

    /** The folder, made if it is not there. */
    static Path resolve() {
        return resolve(System.getenv(), Path.of(System.getProperty("java.io.tmpdir")), System.getProperty("user.name"));
    }

    static Path resolve(Map<String, String> environment, Path temporary, String user) {
        String given = environment.getOrDefault(VARIABLE, "");
        try {
            if (!given.isBlank()) {
                return Files.createDirectories(Path.of(given).toAbsolutePath());
            }
            return own(temporary.toAbsolutePath().resolve("spindrift-cache-" + user), user);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot make the cache folder: " + e + ". Set " + VARIABLE + " to a folder that can be written.",
                    e);
        }
    }

    private static Path own(Path folder, String user) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (java.nio.file.FileAlreadyExistsException another) {
                // Another JVM was first; whose it is, is checked below.
            }
        }
        String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !owner.equals(user)) {
            throw new IOException(folder + " belongs to " + owner + ", not to " + user);
        }
        return folder;
    }
}
