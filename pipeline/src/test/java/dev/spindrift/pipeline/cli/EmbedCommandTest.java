package dev.spindrift.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class EmbedCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void writesVectorsThatReadBackExactly() throws Exception {
        List<JsonNode> lines = embed("A plain line.\n\n  \nEine zweite, mit 🗝️.\n");

        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("]}\n").doesNotContain("\n\n");
        assertThat(lines).extracting(line -> line.path("id").asInt()).containsExactly(1, 4);
        assertThat(lines).extracting(line -> line.path("tokens").asInt()).containsExactly(4, 6);
        try (EmbeddingModel model = Models.open(ModelSettings.of("builtin"), "cpu")) {
            assertThat(vector(lines.get(0))).isEqualTo(model.embedDocument("A plain line."));
            assertThat(vector(lines.get(1))).isEqualTo(model.embedDocument("Eine zweite, mit 🗝️."));
        }
    }

    @Test
    void takesIdsFromJsonLines() throws Exception {
        List<JsonNode> lines =
                embed("{\"id\": \"ключ\", \"text\": \"one\\ntwo\"}\n{\"id\": 7, \"text\": \"x\"}\n{\"text\": \"y\"}");

        assertThat(lines).extracting(line -> line.path("id").asText()).containsExactly("ключ", "7", "3");
    }

    @Test
    void keepsTheOrderOfManyTexts() throws Exception {
        String many = String.join(
                "\n",
                IntStream.range(0, 5000)
                        .mapToObj(i -> "word" + i + " and more".repeat(i % 50))
                        .toList());

        List<JsonNode> lines = embed(many);

        assertThat(lines)
                .extracting(line -> line.path("id").asInt())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 5000).boxed().toList());
        assertThat(lines.get(4321).path("tokens").asInt()).isEqualTo(1 + 2 * (4321 % 50));
    }

    @Test
    void endsAtATextThatIsTooLongAndKeepsThoseBefore() throws Exception {
        assertThatThrownBy(() -> embed("short\n" + "long ".repeat(513)))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("513")
                .hasMessageContaining("512")
                .hasMessageContaining("--truncate");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{\"id\":1,")
                .doesNotContain("\"id\":2");
    }

    @Test
    void cutsATextThatIsTooLongOnRequest() throws Exception {
        List<JsonNode> lines = embed("long ".repeat(513) + "\n" + "long ".repeat(512), "--truncate");

        assertThat(lines.get(0).path("tokens").asInt()).isEqualTo(512);
        assertThat(lines.get(0).path("embedding")).isEqualTo(lines.get(1).path("embedding"));
    }

    @Test
    void readsLinesThatOnlyLookLikeJsonOnRequest() throws Exception {
        assertThat(embed("{not json\nnor this", "--plain")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}", "{\"text\": 1}", "{\"id\": [], \"text\": \"a\"}", "{\"text\": \"a\"}\nplain"})
    void namesTheLineThatItCannotRead(String lines) {
        assertThatThrownBy(() -> embed(lines))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("line " + lines.lines().count())
                .hasMessageContaining("--plain");
    }

    @Test
    void saysThatTheTextsAreNotUtf8() {
        assertThatThrownBy(() -> embed(new byte[] {'a', '\n', (byte) 0xc3, 0x28}))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void printsNothingForNothing() throws Exception {
        assertThat(embed("\n")).isEmpty();
    }

    private List<JsonNode> embed(String lines, String... arguments) throws Exception {
        return embed(lines.getBytes(StandardCharsets.UTF_8), arguments);
    }

    private List<JsonNode> embed(byte[] lines, String... arguments) throws Exception {
        EmbedCommand command = new EmbedCommand();
        new CommandLine(command).parseArgs(arguments);
        command.embed(new ByteArrayInputStream(lines), out);
        List<JsonNode> embedded = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            embedded.add(JSON.readTree(line));
        }
        return embedded;
    }

    private static float[] vector(JsonNode line) throws Exception {
        return JSON.treeToValue(line.path("embedding"), float[].class);
    }
}
