package dev.spindrift.udf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.chunk.Chunk;
import dev.spindrift.udf.chunk.ChunkSettings;
import dev.spindrift.udf.chunk.Chunker;
import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sample questions, asked of the sample pages: a page's score is that of its nearest chunk. */
class HandbookSearchTest {
    private static final Path SAMPLES = Path.of("..", "samples");
    private static final Pattern QUESTION =
            Pattern.compile("\"question\":\\s*\"((?:[^\"\\\\]|\\\\.)*)\",\\s*\"page\":\\s*\"([^\"]+)\"");

    private final List<String> texts = new ArrayList<>();
    private final List<String> pageOfText = new ArrayList<>();
    private final List<String> questions = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();

    @Test
    void findsMostAnsweringPages() throws IOException {
        readPages();
        readQuestions();
        int first = 0;
        int amongFive = 0;
        double reciprocal = 0;
        try (EmbeddingModel model = Models.open(ModelSettings.of("builtin"), "cpu")) {
            float[][] chunks = embed(model, texts);
            float[][] asked = embed(model, questions);
            for (int i = 0; i < asked.length; i++) {
                int rank = rank(asked[i], chunks, answers.get(i));
                first += rank == 1 ? 1 : 0;
                amongFive += rank <= 5 ? 1 : 0;
                reciprocal += 1.0 / rank;
            }
        }
        double count = questions.size();
        System.out.printf(
                "%d questions, %d chunks: recall@1 %.3f, recall@5 %.3f, mean reciprocal rank %.3f%n",
                questions.size(), texts.size(), first / count, amongFive / count, reciprocal / count);
        // Well below what was measured (0.75 and 0.91): it guards against breakage, not against a changed page.
        assertThat(first / count).isGreaterThan(0.6);
        assertThat(amongFive / count).isGreaterThan(0.8);
    }

    private static float[][] embed(EmbeddingModel model, List<String> texts) {
        return model.embed(texts.stream().map(model.tokenizer()::document).toList());
    }

    private void readPages() throws IOException {
        Chunker chunker = new Chunker(
                new ChunkSettings(240, 32),
                Models.tokenizer(ModelSettings.of("builtin")),
                Models.info(ModelSettings.of("builtin")).maxTokens());
        List<Path> pages;
        try (Stream<Path> files = Files.list(SAMPLES.resolve("handbook"))) {
            pages = files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
        for (Path page : pages) {
            for (Chunk chunk : chunker.chunk(Files.readString(page), "text/markdown")) {
                texts.add(chunk.text());
                pageOfText.add(page.getFileName().toString().replace(".md", ""));
            }
        }
    }

    private void readQuestions() throws IOException {
        for (String line : Files.readAllLines(SAMPLES.resolve("questions.jsonl"))) {
            Matcher question = QUESTION.matcher(line);
            assertThat(question.find()).as(line).isTrue();
            questions.add(question.group(1).replace("\\\"", "\""));
            answers.add(question.group(2));
        }
    }

    private int rank(float[] asked, float[][] chunks, String answer) {
        Map<String, Double> scores = new HashMap<>();
        for (int i = 0; i < chunks.length; i++) {
            scores.merge(pageOfText.get(i), dot(asked, chunks[i]), Math::max);
        }
        double own = scores.get(answer);
        return 1 + (int) scores.values().stream().filter(score -> score > own).count();
    }

    private static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }
}
