package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TempFolderTest {
    @TempDir
    Path parent;

    @Test
    void leavesNothingBehind() throws IOException {
        TempFolder folder = TempFolder.create(parent, "job");
        Files.writeString(folder.newFile(), "rows");

        folder.close();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void removesWhatADeadWriterLeft() throws IOException {
        Path dead = Files.createDirectory(parent.resolve("spindrift-job-0"));
        Files.writeString(dead.resolve("lock"), "");
        Files.writeString(dead.resolve("a.parquet"), "rows");

        try (TempFolder folder = TempFolder.create(parent, "job")) {
            assertThat(dead).doesNotExist();
            assertThat(folder.newFile().getParent()).exists();
        }
    }

    @Test
    void leavesTheFoldersOfLivingWritersAlone() throws IOException {
        try (TempFolder living = TempFolder.create(parent, "job")) {
            Path file = Files.writeString(living.newFile(), "rows");

            try (TempFolder other = TempFolder.create(parent, "job")) {
                assertThat(other.newFile()).doesNotExist();
                assertThat(file).exists();
            }
        }
    }
}
