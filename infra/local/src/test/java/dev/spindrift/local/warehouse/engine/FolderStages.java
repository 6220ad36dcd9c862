package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.stage.StageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Stages as plain folders, for tests of the engine alone. */
final class FolderStages implements StageStore {
    private final Path root;

    FolderStages(Path root) {
        this.root = root;
    }

    Path path(String stage, String path) {
        return root.resolve(stage).resolve(path);
    }

    @Override
    public List<StagedFile> list(String stage, String prefix) throws IOException {
        Path folder = root.resolve(stage);
        List<StagedFile> files = new ArrayList<>();
        if (!Files.exists(folder)) {
            return files;
        }
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(path).toString();
                if (name.startsWith(prefix)) {
                    files.add(new StagedFile(name, Files.size(path), md5(path), Instant.EPOCH));
                }
            }
        }
        files.sort(Comparator.comparing(StagedFile::path));
        return files;
    }

    private static String md5(Path path) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(path)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Optional<Path> find(String stage, String path) {
        return Optional.of(path(stage, path)).filter(Files::exists);
    }

    @Override
    public boolean remove(String stage, String path) throws IOException {
        return Files.deleteIfExists(path(stage, path));
    }

    @Override
    public void drop(String stage) throws IOException {
        for (StagedFile file : list(stage, "")) {
            remove(stage, file.path());
        }
    }
}
