package dev.spindrift.udf.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
    private static final TorchScriptArchive ARCHIVE =
            new TorchScriptArchive(new ScriptModule("A", Map.of("training", true)), Map.of("__torch__.py", "class A"));

    @TempDir
    private Path folder;

    @Test
    void writesAnArchiveOnce() throws IOException {
        ArchiveCache cache = new ArchiveCache(folder.resolve("models"));
        Path file = cache.get("recipe", ARCHIVE);
        var written = Files.getLastModifiedTime(file);
        assertThat(cache.get("recipe", ARCHIVE)).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        assertThat(cache.get("other", ARCHIVE)).isNotEqualTo(file);
        assertThat(files()).hasSize(2);
    }

    @Test
    void replacesADamagedArchive() throws IOException {
        ArchiveCache cache = new ArchiveCache(folder.resolve("models"));
        Path file = cache.get("recipe", ARCHIVE);
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(file, damaged);

        assertThat(cache.get("recipe", ARCHIVE)).isEqualTo(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path blocked = Files.createFile(folder.resolve("a file"));
        assertThatThrownBy(() -> new ArchiveCache(blocked).get("recipe", ARCHIVE))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(blocked.toString())
                .hasMessageContaining("SPINDRIFT_CACHE");
    }

    @Test
    void liesWhereTheEnvironmentSays() {
        Path given = folder.resolve("a/b");
        assertThat(CacheFolder.resolve(Map.of("SPINDRIFT_CACHE", given.toString()), folder))
                .isEqualTo(given)
                .isDirectory();
    }

    @Test
    void isForItsUserAloneBelowASharedFolder() throws IOException {
        Path own = CacheFolder.resolve(Map.of(), folder);
        assertThat(own).hasParent(folder).isDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
        assertThat(CacheFolder.resolve(Map.of(), folder)).isEqualTo(own);
    }

    @Test
    void doesNotTrustALinkThatAnotherMayHaveLaid() throws IOException {
        Path own = CacheFolder.resolve(Map.of(), folder);
        Files.delete(own);
        Files.createSymbolicLink(own, Files.createDirectory(folder.resolve("theirs")));
        assertThatThrownBy(() -> CacheFolder.resolve(Map.of(), folder))
                .hasMessageContaining("not a folder that belongs to")
                .hasMessageContaining("SPINDRIFT_CACHE");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("models"))) {
            return files.toList();
        }
    }
}
