package dev.spindrift.udf.torch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Written archives by what they were made from.
 *
 * <p>A file is named {@code <recipe>-<sha256 of its bytes>.pt}: it is checked against its own name before it is used,
 * and replaced if it does not hold. It is written under another name and renamed, so that any number of JVMs may begin
 * at once and none reads half a file.
 */
public final class ArchiveCache {
    private static final String SUFFIX = ".pt";

    private final Path folder;

    public ArchiveCache(Path folder) {
        this.folder = folder;
    }

    /** The file of {@code archive}, written now unless {@code recipe} has a whole one already. */
    public Path get(String recipe, TorchScriptArchive archive) {
        try {
            Files.createDirectories(folder);
            Path found = find(recipe);
            return found == null ? write(recipe, archive) : found;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot write the model archive to " + folder + ": " + e + ". Free space there, or set "
                            + CacheFolder.VARIABLE + " to another folder.",
                    e);
        }
    }

    private @Nullable Path find(String recipe) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, recipe + "-*" + SUFFIX)) {
            for (Path file : files) {
                if (file.getFileName().toString().equals(name(recipe, digest(file)))) {
                    return file;
                }
            }
        }
        return null;
    }

    private Path write(String recipe, TorchScriptArchive archive) throws IOException {
        Path draft = Files.createTempFile(folder, recipe, ".draft");
        try {
            MessageDigest digest = sha256();
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16)) {
                archive.writeTo(new DigestOutputStream(out, digest));
            }
            Path file = folder.resolve(name(recipe, digest));
            return Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String name(String recipe, MessageDigest digest) {
        return recipe + "-" + HexFormat.of().formatHex(digest.digest()) + SUFFIX;
    }

    private static MessageDigest digest(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: this Java lacks SHA-256, which every Java has to have.", e);
        }
    }
}
