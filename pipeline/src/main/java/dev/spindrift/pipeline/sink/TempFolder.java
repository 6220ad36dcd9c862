package dev.spindrift.pipeline.sink;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A writer's own folder for the files that it is writing. A lock in it says that its writer lives: who makes a new one
 * removes those whose lock is free, which writers that were killed left behind.
 */
final class TempFolder implements AutoCloseable {
    private static final String PREFIX = "spindrift-";
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lock;

    private TempFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Makes one in {@code parent}, and removes what dead writers of {@code job} left there. */
    static TempFolder create(Path parent, String job) throws IOException {
        Files.createDirectories(parent);
        String prefix = PREFIX + job + "-";
        removeLeftOver(parent, prefix);
        Path folder = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID()));
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw new IOException("Cannot lock " + folder + ": someone else did. Give the sink a folder of its own in "
                    + SinkOptions.TEMP_DIR.key() + ".");
        }
        return new TempFolder(folder, lock);
    }

    /** A path for a new file, of a name that is never used again. */
    Path newFile() {
        return folder.resolve(UUID.randomUUID() + ".parquet");
    }

    private static void removeLeftOver(Path parent, String prefix) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path folder : folders) {
                Path lockFile = folder.resolve(LOCK);
                // A folder without a lock is being made just now.
                if (Files.exists(lockFile) && isFree(lockFile)) {
                    delete(folder);
                }
            }
        }
    }

    private static boolean isFree(Path lockFile) {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false; // held by this JVM, or removed by another
        }
    }

    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    @Override
    public void close() throws IOException {
        lock.close();
        delete(folder);
    }
}
