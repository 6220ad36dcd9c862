package dev.spindrift.pipeline.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spindrift.udf.Fingerprint;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A question with its label: the documents that answer it.
 *
 * @param documents names of one document or more, each its id or its file name as {@link Corpus} knows them
 */
public record Question(String text, Set<String> documents) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Question {
        documents = Set.copyOf(documents);
        if (text.isBlank() || documents.isEmpty() || documents.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("it has a blank question, no document, or a blank one");
        }
    }

    /**
     * Reads a file of JSON lines, {@code {"question": "...", "page": "name"}} or {@code {"question": "...",
     * "documents": ["name", ...]}}; other fields are left alone.
     *
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    public static List<Question> read(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw unreadable(file.toString(), "it is not UTF-8");
        }
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                questions.add(parse(lines.get(i), file + ":" + (i + 1)));
            }
        }
        if (questions.isEmpty()) {
            throw unreadable(file.toString(), "it holds no question");
        }
        return questions;
    }

    /** The name of these questions with their labels: another for any others. */
    static String fingerprint(List<Question> questions) {
        return Fingerprint.of(questions.stream()
                .flatMap(question -> Stream.concat(
                        Stream.of(question.text, Integer.toString(question.documents.size())),
                        question.documents.stream().sorted()))
                .toArray(String[]::new));
    }

    private static Question parse(String line, String where) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw unreadable(where, "it is not JSON (" + e.getOriginalMessage() + ")");
        }
        Set<String> documents = new LinkedHashSet<>();
        boolean texts = node.path("question").isTextual() && addText(node.path("page"), documents);
        for (JsonNode document : node.path("documents")) {
            texts &= addText(document, documents);
        }
        try {
            if (texts) {
                return new Question(node.path("question").asText(), documents);
            }
        } catch (IllegalArgumentException e) {
            throw unreadable(where, String.valueOf(e.getMessage()));
        }
        throw unreadable(where, "its \"question\", \"page\" or \"documents\" is not of texts");
    }

    /** False if there is something that is not a text. */
    private static boolean addText(JsonNode node, Set<String> texts) {
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        return node.isTextual() || node.isMissingNode();
    }

    private static IllegalArgumentException unreadable(String where, String why) {
        return new IllegalArgumentException("Cannot read the questions at " + where + ": " + why
                + ". Write lines such as {\"question\": \"...\", \"documents\": [\"id\", ...]}.");
    }
}
