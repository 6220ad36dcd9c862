package dev.spindrift.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.warehouse.SearchableText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTest {
    @TempDir
    Path folder;

    @Test
    void readsTheSamples() throws Exception {
        List<Question> questions = Question.read(Path.of("..", "samples", "questions.jsonl"));

        assertThat(questions).hasSize(176);
        assertThat(questions.get(0).documents()).containsExactly("consumer-lag");
    }

    @Test
    void readsOneLabelOrMany() throws Exception {
        assertThat(read("""
                {"question": "one?", "page": "a"}

                {"question": "two?", "documents": ["x/b.md", "c"], "by": "someone"}
                """))
                .containsExactly(new Question("one?", Set.of("a")), new Question("two?", Set.of("x/b.md", "c")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{\"question\": 7, \"page\": \"a\"}",
                "{\"question\": \"what?\"}",
                "{\"question\": \" \", \"page\": \"a\"}",
                "{\"question\": \"what?\", \"documents\": [1]}",
                "{\"question\": \"what?\", \"documents\": []}"
            })
    void namesTheLineThatItCannotRead(String line) {
        assertThatThrownBy(() -> read(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(line.isEmpty() ? "questions.jsonl" : "questions.jsonl:1");
    }

    @Test
    void tellsLabelsThatNoDocumentBears() {
        Corpus corpus = new Corpus(List.of(new SearchableText("k", "text", List.of("folder/page.md"))));

        assertThat(corpus.unknown(List.of(
                        new Question("?", Set.of("page", "folder/page.md")), new Question("?", Set.of("page.md")))))
                .containsExactly("page.md");
    }

    private List<Question> read(String lines) throws IOException {
        return Question.read(Files.writeString(folder.resolve("questions.jsonl"), lines));
    }
}
