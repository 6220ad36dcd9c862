package dev.spindrift.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentFilesTest {
    private final Received received = new Received();

    @TempDir
    Path folder;

    @Test
    void namesAFileByItsPathFromTheFolderGiven() throws IOException {
        Path guide = Files.createDirectories(folder.resolve("guide/deep"));
        Files.writeString(guide.resolve("übung.md"), "# Übung\n");
        Files.writeString(folder.resolve("guide/plain.txt"), "plain");

        DocumentFiles.read(folder.resolve("guide"), received);

        assertThat(received.documents.keySet()).containsExactly("guide/deep/übung.md", "guide/plain.txt");
        JsonNode document = received.json("guide/deep/übung.md");
        assertThat(document.path("id").asText()).isEqualTo("guide/deep/übung.md");
        assertThat(document.path("text").asText()).isEqualTo("# Übung\n");
        assertThat(document.path("media_type").asText()).isEqualTo("text/markdown");
        assertThat(document.path("metadata").path("folder").asText()).isEqualTo("guide/deep");
        assertThat(received.json("guide/plain.txt").path("media_type").asText()).isEqualTo("text/plain");
    }

    @Test
    void sendsEachLineOfAJsonlFileAsItStands() throws IOException {
        String line = "{\"text\":\"b\",  \"id\":\"x\", \"version\":3}";
        Path file = Files.writeString(folder.resolve("some.jsonl"), line + "\n\n{\"id\":\"y\",\"text\":\"\"}\n");

        DocumentFiles.read(file, received);

        assertThat(received.documents.keySet()).containsExactly("x", "y");
        assertThat(new String(received.documents.get("x"), StandardCharsets.UTF_8))
                .isEqualTo(line);
    }

    @Test
    void tellsTheLineThatCannotBeADocumentAndGoesOn() throws IOException {
        Path file = Files.writeString(
                folder.resolve("some.jsonl"),
                "{\"id\":7,\"text\":\"a\"}\n{\"id\":\n{\"id\":\"good\",\"text\":\"a\"}\n");

        DocumentFiles.read(file, received);

        assertThat(received.documents.keySet()).containsExactly("good");
        assertThat(received.unreadable).containsExactly(file + ":1", file + ":2");
    }

    @Test
    void tellsAFileThatIsNotUtf8AndOneOfAnotherKind() throws IOException {
        Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xe9});
        Path picture = Files.write(folder.resolve("picture.png"), new byte[] {1});

        DocumentFiles.read(latin, received);
        DocumentFiles.read(picture, received);

        assertThat(received.documents).isEmpty();
        assertThat(received.unreadable).containsExactly(latin.toString());
        assertThat(received.skipped).containsExactly(picture);
    }

    @Test
    void refusesAPathThatIsNotThere() {
        assertThatThrownBy(() -> DocumentFiles.read(folder.resolve("none"), received))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("none");
    }

    private static final class Received implements DocumentFiles.Receiver {
        private final Map<String, byte[]> documents = new LinkedHashMap<>();
        private final List<String> unreadable = new ArrayList<>();
        private final List<Path> skipped = new ArrayList<>();

        @Override
        public void document(String id, byte[] value) {
            documents.put(id, value);
        }

        @Override
        public void unreadable(String where, String why) {
            unreadable.add(where);
        }

        @Override
        public void skipped(Path file) {
            skipped.add(file);
        }

        JsonNode json(String id) throws IOException {
            return new ObjectMapper().readTree(documents.get(id));
        }
    }
}
