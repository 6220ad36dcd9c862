package dev.spindrift.local.warehouse.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FolderStagesTest {
    private static final String STAGE = "DB.PUBLIC.S";

    @TempDir
    Path folder;

    private FolderStages stages;

    @BeforeEach
    void open() throws IOException {
        stages = new FolderStages(folder.resolve("stages"));
    }

    private void put(String stage, String path, String content) throws IOException {
        FolderStages.Arrival arrival =
                stages.receive(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
        stages.publish(stage, path, arrival, Map.of("sfc-digest", "abc"));
    }

    private List<String> list(String prefix) throws IOException {
        return stages.list(STAGE, prefix).stream()
                .map(StageStore.StagedFile::path)
                .toList();
    }

    @Test
    void listsByPrefixInOrder() throws IOException {
        for (String path : List.of("job/b", "job/a", "jobs/c", "d", "job/deep/e")) {
            put(STAGE, path, path);
        }
        put("DB.PUBLIC.OTHER", "job/z", "z");
        assertThat(list("")).containsExactly("d", "job/a", "job/b", "job/deep/e", "jobs/c");
        assertThat(list("job/")).containsExactly("job/a", "job/b", "job/deep/e");
        assertThat(list("jo")).containsExactly("job/a", "job/b", "job/deep/e", "jobs/c");
        assertThat(list("job/deep/e")).containsExactly("job/deep/e");
        assertThat(list("nowhere/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../../escape",
                "a/../../b",
                "/etc/passwd",
                ".hidden",
                "a//b",
                "a\\b",
                "x~",
                "x~note",
                "%2e%2e/y",
                "ü 😀\n*?[",
                "nul\0"
            })
    void keepsAnyPathInsideItsFolder(String path) throws IOException {
        put(STAGE, path, "content");
        assertThat(list("")).containsExactly(path);
        assertThat(Files.readString(stages.find(STAGE, path).orElseThrow())).isEqualTo("content");
        try (Stream<Path> outside = Files.list(folder)) {
            assertThat(outside.map(file -> file.getFileName().toString())).containsExactly("stages");
        }
        assertThat(stages.remove(STAGE, path)).isTrue();
        assertThat(list("")).isEmpty();
    }

    @Test
    void keepsAFileBesideAFolderOfItsName() throws IOException {
        put(STAGE, "a", "file");
        put(STAGE, "a/b", "deeper");
        assertThat(list("")).containsExactly("a", "a/b");
    }

    @Test
    void knowsDigestsAndMetadataAfterAReopening() throws IOException {
        put(STAGE, "a", "hello");
        stages = new FolderStages(folder.resolve("stages"));
        assertThat(stages.list(STAGE, "").get(0).md5()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(stages.note(stages.find(STAGE, "a").orElseThrow()).metadata())
                .containsEntry("sfc-digest", "abc");
    }

    @Test
    void computesTheDigestOfAFileWhoseNoteIsNotForIt() throws IOException {
        put(STAGE, "a", "something else");
        Files.writeString(stages.find(STAGE, "a").orElseThrow(), "hello");
        assertThat(stages.list(STAGE, "").get(0).md5()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
    }

    @Test
    void forgetsUploadsThatWereCutShort() throws IOException {
        stages.receive(new ByteArrayInputStream(new byte[10]));
        assertThat(folder.resolve("stages/incoming")).isNotEmptyDirectory();
        stages = new FolderStages(folder.resolve("stages"));
        assertThat(folder.resolve("stages/incoming")).isEmptyDirectory();
        assertThat(list("")).isEmpty();
    }

    @Test
    void replacesAFileWhole() throws IOException {
        put(STAGE, "a", "first");
        put(STAGE, "a", "second");
        assertThat(Files.readString(stages.find(STAGE, "a").orElseThrow())).isEqualTo("second");
        assertThat(list("")).containsExactly("a");
    }

    @Test
    void dropsAllFilesOfAStage() throws IOException {
        put(STAGE, "a/b", "x");
        stages.drop(STAGE);
        assertThat(list("")).isEmpty();
        stages.drop(STAGE);
    }

    @Test
    void refusesNamesLongerThanAFileSystemTakes() {
        assertThatThrownBy(() -> put(STAGE, "x".repeat(300), "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("limit");
    }

    @Test
    void readsChunkedBodiesAndTheirTrailers() throws IOException {
        String body = "5;chunk-signature=aa\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n";
        AwsChunkedStream stream =
                new AwsChunkedStream(new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII)));
        assertThat(new String(stream.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("hello world");
        assertThat(stream.trailers()).containsEntry("x-amz-checksum-crc32", "DUoRhQ==");
    }

    @Test
    void refusesChunkedBodiesThatEndEarly() {
        AwsChunkedStream stream =
                new AwsChunkedStream(new ByteArrayInputStream("5\r\nhel".getBytes(StandardCharsets.US_ASCII)));
        assertThatThrownBy(stream::readAllBytes).isInstanceOf(IOException.class);
    }
}
