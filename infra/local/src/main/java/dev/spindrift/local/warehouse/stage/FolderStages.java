package dev.spindrift.local.warehouse.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stages kept in one folder: a folder per stage, a file per staged file under an encoded name, and beside it a note
 * with its digest and the client's own metadata.
 *
 * <p>A file is written apart, forced to disk and then renamed, so a reader sees all of it or none, and what was
 * answered for survives a kill. The note is renamed first and names the size and time of the file it is for: a kill
 * between the two renames leaves a note that fits no file, which counts as none, and the digest is computed anew.
 */
public final class FolderStages implements StageStore {
    private final Path files;
    private final Path incoming;

    /** Opens the stages in a folder, made if it is not there; uploads that a kill cut short are deleted. */
    public FolderStages(Path folder) throws IOException {
        files = Files.createDirectories(folder.resolve("files"));
        incoming = folder.resolve("incoming");
        deleteTree(incoming);
        Files.createDirectories(incoming);
    }

    /** What is kept of a file beside its content. */
    record Note(String md5, Map<String, String> metadata) {}

    /** A file on its way: written and forced to disk, not yet on its stage. */
    record Arrival(Path file, String md5, long size) {}

    @Override
    public List<StagedFile> list(String stage, String prefix) throws IOException {
        Path root = stageFolder(stage);
        String within = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        Path start = within.isEmpty() ? root : folder(root, within.substring(0, within.length() - 1));
        List<StagedFile> found = new ArrayList<>();
        if (Files.isDirectory(start)) {
            collect(start, within, prefix, found);
        }
        found.sort(Comparator.comparing(StagedFile::path));
        return List.copyOf(found);
    }

    @Override
    public Optional<Path> find(String stage, String path) throws IOException {
        Path file = file(stage, path);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    @Override
    public synchronized boolean remove(String stage, String path) throws IOException {
        Path file = file(stage, path);
        boolean there = Files.deleteIfExists(file);
        Files.deleteIfExists(noteOf(file));
        return there;
    }

    @Override
    public synchronized void drop(String stage) throws IOException {
        deleteTree(stageFolder(stage));
    }

    /** Reads a body to its end into a file apart. */
    Arrival receive(InputStream body) throws IOException {
        Path file = incoming.resolve(UUID.randomUUID().toString());
        MessageDigest digest = md5();
        long size = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            byte[] buffer = new byte[1 << 16];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                out.write(buffer, 0, n);
                digest.update(buffer, 0, n);
                size += n;
            }
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new Arrival(file, HexFormat.of().formatHex(digest.digest()), size);
    }

    void discard(Arrival arrival) throws IOException {
        Files.deleteIfExists(arrival.file());
    }

    /** Puts a file that has arrived onto a stage, in place of the one of that name if there is one. */
    synchronized void publish(String stage, String path, Arrival arrival, Map<String, String> metadata)
            throws IOException {
        Path file = file(stage, path);
        Files.createDirectories(file.getParent());
        Properties note = new Properties();
        metadata.forEach((name, value) -> note.setProperty("meta." + name, value));
        note.setProperty("md5", arrival.md5());
        note.setProperty("stamp", stamp(arrival.file()));
        Path draft = incoming.resolve(arrival.file().getFileName() + ".note");
        try (OutputStream out = Files.newOutputStream(draft)) {
            note.store(out, null);
        }
        force(draft);
        move(draft, noteOf(file));
        move(arrival.file(), file);
        for (Path folder = file.getParent(); folder != null && folder.startsWith(files); folder = folder.getParent()) {
            force(folder);
        }
    }

    /** The digest and metadata of a staged file that {@link #find} gave. */
    Note note(Path file) throws IOException {
        Properties note = new Properties();
        try (InputStream in = Files.newInputStream(noteOf(file))) {
            note.load(in);
        } catch (NoSuchFileException e) {
            note.clear();
        }
        if (stamp(file).equals(note.getProperty("stamp"))) {
            Map<String, String> metadata = new TreeMap<>();
            for (String name : note.stringPropertyNames()) {
                if (name.startsWith("meta.")) {
                    metadata.put(name.substring("meta.".length()), note.getProperty(name));
                }
            }
            return new Note(note.getProperty("md5"), metadata);
        }
        return new Note(digest(file), Map.of());
    }

    private void collect(Path folder, String within, String prefix, List<StagedFile> found) throws IOException {
        List<Path> entries;
        try (Stream<Path> listing = Files.list(folder)) {
            entries = listing.toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return; // Dropped while it was listed.
        }
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            if (name.endsWith(SafeName.NOTE)) {
                continue;
            }
            if (name.charAt(name.length() - 1) == SafeName.FOLDER) {
                String deeper = within + SafeName.decode(name.substring(0, name.length() - 1)) + "/";
                if (deeper.startsWith(prefix) || prefix.startsWith(deeper)) {
                    collect(entry, deeper, prefix, found);
                }
            } else if ((within + SafeName.decode(name)).startsWith(prefix)) {
                StagedFile file = describe(entry, within + SafeName.decode(name));
                if (file != null) {
                    found.add(file);
                }
            }
        }
    }

    private @Nullable StagedFile describe(Path file, String path) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new StagedFile(
                    path,
                    attributes.size(),
                    note(file).md5(),
                    attributes.lastModifiedTime().toInstant());
        } catch (NoSuchFileException e) {
            return null; // Removed while it was listed.
        }
    }

    private Path stageFolder(String stage) throws IOException {
        return files.resolve(SafeName.encode(stage));
    }

    private Path file(String stage, String path) throws IOException {
        int cut = path.lastIndexOf('/');
        Path root = stageFolder(stage);
        Path folder = cut < 0 ? root : folder(root, path.substring(0, cut));
        return folder.resolve(SafeName.encode(path.substring(cut + 1)));
    }

    private static Path folder(Path root, String path) throws IOException {
        Path folder = root;
        for (String name : path.split("/", -1)) {
            folder = folder.resolve(SafeName.encode(name) + SafeName.FOLDER);
        }
        return folder;
    }

    private static Path noteOf(Path file) {
        return file.resolveSibling(file.getFileName() + SafeName.NOTE);
    }

    private static String stamp(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.size() + "@" + attributes.lastModifiedTime().toInstant();
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = md5();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Forces a file's content, or a folder's list of names, to disk. */
    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot compute an MD5 digest: every Java has it, this one does not.", e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
