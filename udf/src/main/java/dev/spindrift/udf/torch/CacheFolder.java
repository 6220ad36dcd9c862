package dev.spindrift.udf.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;

/**
 * The folder for what can be made again: unpacked native libraries and written archives.
 *
 * <p>It is {@code SPINDRIFT_CACHE} if the environment has it, else {@code spindrift-cache-<user>} below the Java
 * property {@code java.io.tmpdir}. In a temporary folder that others share, only this user may own and enter it: code
 * is loaded from there.
 */
public final class CacheFolder {
    public static final String VARIABLE = "SPINDRIFT_CACHE";

    private CacheFolder() {}

    /** The folder, made if it is not there. */
    public static Path resolve() {
        return resolve(System.getenv(), Path.of(System.getProperty("java.io.tmpdir")));
    }

    static Path resolve(Map<String, String> environment, Path temporary) {
        String given = environment.getOrDefault(VARIABLE, "");
        try {
            return given.isBlank()
                    ? own(temporary.toAbsolutePath())
                    : Files.createDirectories(Path.of(given).toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot make the cache folder: " + e + ". Set " + VARIABLE + " to a folder that can be written.",
                    e);
        }
    }

    private static Path own(Path temporary) throws IOException {
        UserPrincipal user = user(temporary);
        Path folder = temporary.resolve("spindrift-cache-" + user.getName());
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !owner.equals(user)) {
                throw new IOException(folder + " is not a folder that belongs to " + user.getName(), e);
            }
        }
        return folder;
    }

    /** Who we are to the file system. In a container the Java property {@code user.name} may be a question mark. */
    private static UserPrincipal user(Path temporary) throws IOException {
        Path probe = Files.createTempFile(temporary, "spindrift", ".probe");
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }
}
