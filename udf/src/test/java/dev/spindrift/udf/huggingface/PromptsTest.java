package dev.spindrift.udf.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptsTest {
    private static final Prompts E5 = new Prompts("passage: ", "query: ");
    private static final Prompts NONE = new Prompts("", "");

    @TempDir
    Path folder;

    @Test
    void takesWhatTheModelSays() throws IOException {
        assertThat(written("{\"query\": \"Q: \", \"document\": \"D: \"}", null)).isEqualTo(new Prompts("D: ", "Q: "));
        assertThat(written("{\"query\": \"Q: \", \"passage\": \"P: \"}", null)).isEqualTo(new Prompts("P: ", "Q: "));
        assertThat(written("{\"query\": \"Q: \"}", null)).isEqualTo(new Prompts("", "Q: "));
        assertThat(written("{}", null)).isEqualTo(NONE);
    }

    @Test
    void takesThePassagesPromptWhereTheDocumentsIsEmpty() throws IOException {
        assertThat(written("{\"document\": \"\", \"passage\": \"P: \"}", null)).isEqualTo(new Prompts("P: ", ""));
    }

    @Test
    void fallsBackToTheDefaultPrompt() throws IOException {
        assertThat(written("{\"sts\": \"S: \"}", "sts")).isEqualTo(new Prompts("S: ", "S: "));
        assertThat(written("{\"sts\": \"S: \", \"query\": \"\"}", "sts")).isEqualTo(new Prompts("S: ", ""));
    }

    @Test
    void refusesADefaultThatIsNotThere() {
        assertThatThrownBy(() -> written("{}", "sts"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"default_prompt_name\" is \"sts\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "intfloat/e5-small",
                "intfloat/e5-base-v2",
                "intfloat/e5-large-unsupervised",
                "intfloat/multilingual-e5-small",
                "intfloat/multilingual-e5-large",
                "someone/My-Multilingual-E5-Base-tuned"
            })
    void knowsE5WhoseFilesSayNothing(String id) {
        assertThat(Prompts.read(folder, id)).isEqualTo(E5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "intfloat/multilingual-e5-large-instruct||Instruct: ",
                "BAAI/bge-small-en-v1.5||Represent this sentence",
                "BAAI/bge-base-zh-v1.5||为这个句子生成表示",
                "Snowflake/snowflake-arctic-embed-m||Represent this sentence",
                "Snowflake/snowflake-arctic-embed-m-long||Represent this sentence",
                "Snowflake/snowflake-arctic-embed-l-v2.0||query: ",
                "nomic-ai/nomic-embed-text-v1.5|search_document: |search_query: ",
            })
    void knowsOtherFamilies(String id, String document, String queryStart) {
        Prompts prompts = Prompts.read(folder, id);
        assertThat(prompts.document()).isEqualTo(document == null ? "" : document.strip() + " ");
        assertThat(prompts.query()).startsWith(queryStart.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "BAAI/bge-m3",
                "sentence-transformers/all-MiniLM-L6-v2",
                "core5-small",
                "intfloat/other-model"
            })
    void givesOtherModelsNone(String id) {
        assertThat(Prompts.read(folder, id)).isEqualTo(NONE);
    }

    @Test
    void knowsAFamilyByItsFolder() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        assertThat(Prompts.read(make("multilingual-e5-small"), "")).isEqualTo(E5);
        assertThat(Prompts.read(make("intfloat--e5-small/" + commit), "")).isEqualTo(E5);
        assertThat(Prompts.read(make("models--intfloat--e5-small/snapshots/" + commit), ""))
                .isEqualTo(E5);
        assertThat(Prompts.read(make("e5-small-experiments/another"), "")).isEqualTo(NONE);
    }

    @Test
    void knowsAFamilyByTheModelThatItWasMadeFrom() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"_name_or_path\": \"intfloat/e5-base\"}");
        assertThat(Prompts.read(folder, "my/own")).isEqualTo(E5);
    }

    @Test
    void prefersWhatIsWrittenToTheFamily() throws IOException {
        Path model = make("e5-small");
        writeTo(model, "{\"query\": \"Q: \"}", null);
        assertThat(Prompts.read(model, "")).isEqualTo(new Prompts("", "Q: "));
    }

    @Test
    void takesTheFamilysWhereTheLibraryWroteEmptyOnes() throws IOException {
        Path model = make("e5-small");
        writeTo(model, "{\"query\": \"\", \"document\": \"\"}", null);
        assertThat(Prompts.read(model, "")).isEqualTo(E5);
    }

    private Path make(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private Prompts written(String prompts, @Nullable String defaultName) throws IOException {
        writeTo(folder, prompts, defaultName);
        return Prompts.read(folder, "");
    }

    private static void writeTo(Path folder, String prompts, @Nullable String defaultName) throws IOException {
        Files.writeString(
                folder.resolve("config_sentence_transformers.json"),
                "{\"prompts\": %s, \"default_prompt_name\": %s}"
                        .formatted(prompts, defaultName == null ? "null" : "\"" + defaultName + "\""));
    }
}
