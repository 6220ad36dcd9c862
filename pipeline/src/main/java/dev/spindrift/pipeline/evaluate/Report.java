package dev.spindrift.pipeline.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an evaluation found, as people read it and as a file that a later one is compared with.
 *
 * @param questions how many there were
 * @param questionsFingerprint which they were
 * @param texts how many distinct texts they were asked of
 * @param rows the metrics of each retriever, by its name
 */
public record Report(int questions, String questionsFingerprint, int texts, Map<String, Map<String, Double>> rows) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Below what one question of a million changes, and above what adding doubles in another order does. */
    private static final double ROUNDING = 1e-9;

    public static Report of(List<Question> questions, Corpus corpus, Map<String, Map<String, Double>> rows) {
        return new Report(
                questions.size(),
                Question.fingerprint(questions),
                corpus.texts().size(),
                rows);
    }

    /** A line per retriever below a line of names. */
    public String table() {
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder table = new StringBuilder(" ".repeat(width));
        rows.values().stream()
                .findFirst()
                .ifPresent(metrics ->
                        metrics.keySet().forEach(name -> table.append(String.format(Locale.ROOT, "  %9s", name))));
        rows.forEach((retriever, metrics) -> {
            table.append(String.format(Locale.ROOT, "%n%-" + width + "s", retriever));
            metrics.values().forEach(value -> table.append(String.format(Locale.ROOT, "  %9.3f", value)));
        });
        return table.toString();
    }

    /** Writes it as JSON. */
    public void write(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("questions", questions);
        root.put("questions_fingerprint", questionsFingerprint);
        root.put("texts", texts);
        ObjectNode all = root.putObject("rows");
        rows.forEach((retriever, metrics) -> metrics.forEach(all.putObject(retriever)::put));
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /**
     * What {@link #write} wrote.
     *
     * @throws IllegalArgumentException if the file is something else
     */
    public static Report read(Path file) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw notAReport(file, "it is not JSON (" + e.getOriginalMessage() + ")");
        }
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> row : root.path("rows").properties()) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> metric : row.getValue().properties()) {
                if (!metric.getValue().isNumber()) {
                    throw notAReport(file, metric.getKey() + " of " + row.getKey() + " is not a number");
                }
                metrics.put(metric.getKey(), metric.getValue().asDouble());
            }
            rows.put(row.getKey(), metrics);
        }
        if (rows.isEmpty()) {
            throw notAReport(file, "it has no rows");
        }
        return new Report(
                root.path("questions").asInt(),
                root.path("questions_fingerprint").asText(),
                root.path("texts").asInt(),
                rows);
    }

    /**
     * A line for each metric that is worse here than in {@code baseline}, of the retrievers and metrics in both.
     *
     * @param tolerance how much worse is good enough
     * @throws IllegalArgumentException if the two cannot be compared
     */
    public List<String> worseThan(Report baseline, double tolerance) {
        if (!questionsFingerprint.equals(baseline.questionsFingerprint)) {
            throw new IllegalArgumentException("Cannot compare with the baseline: it was made with other questions ("
                    + baseline.questions + " then, " + questions + " now). Make it again with --json.");
        }
        List<String> worse = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, Map<String, Double>> row : rows.entrySet()) {
            Map<String, Double> before = baseline.rows.getOrDefault(row.getKey(), Map.of());
            for (Map.Entry<String, Double> metric : row.getValue().entrySet()) {
                Double then = before.get(metric.getKey());
                double now = metric.getValue();
                if (then != null) {
                    compared++;
                    if (now < then - tolerance - ROUNDING) {
                        worse.add(String.format(
                                Locale.ROOT,
                                "%s of %s is %.4f, and %.4f in the baseline",
                                metric.getKey(),
                                row.getKey(),
                                now,
                                then));
                    }
                }
            }
        }
        if (compared == 0) {
            throw new IllegalArgumentException("Cannot compare with the baseline: it has the rows "
                    + baseline.rows.keySet() + ", and this run has " + rows.keySet()
                    + ". Evaluate the same models, or make it again with --json.");
        }
        return worse;
    }

    private static IllegalArgumentException notAReport(Path file, String why) {
        return new IllegalArgumentException(
                "Cannot read the baseline " + file + ": " + why + ". Give a file that evaluate --json wrote.");
    }
}
