package dev.spindrift.pipeline.cli;

import dev.spindrift.pipeline.evaluate.Bm25Retriever;
import dev.spindrift.pipeline.evaluate.Corpus;
import dev.spindrift.pipeline.evaluate.Metrics;
import dev.spindrift.pipeline.evaluate.Question;
import dev.spindrift.pipeline.evaluate.Report;
import dev.spindrift.pipeline.evaluate.VectorRetriever;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.SearchableText;
import dev.spindrift.pipeline.warehouse.StoredVectors;
import dev.spindrift.pipeline.warehouse.Warehouse;
import dev.spindrift.udf.embed.SharedEmbedder;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = {
            "Asks labelled questions of the distinct texts of SEARCHABLE_CHUNKS and prints recall, MRR and nDCG by"
                    + " model, beside BM25 (docs/evaluate.md).",
            "Exit code 0 if nothing is worse than in the baseline, 1 if something is."
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final int MOST_UNKNOWN_NAMED = 5;

    @Option(
            names = "--questions",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines, each {\"question\": \"...\", \"documents\": [\"id\", ...]}, or with one"
                    + " \"page\" instead.")
    private Path questionFile = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "A model, as embed.model names it; may be repeated. Default: embed.model. Texts without a"
                    + " vector in its table are embedded now.")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--k",
            split = ",",
            defaultValue = "1,5,10",
            paramLabel = "K",
            description = "Depths of recall. Default: ${DEFAULT-VALUE}.")
    private TreeSet<Integer> depths = new TreeSet<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the metrics there, to be a baseline later.")
    private @Nullable Path json;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "What an earlier --json wrote: fail if a metric is worse than there.")
    private @Nullable Path baselineFile;

    @Option(
            names = "--tolerance",
            defaultValue = "0",
            description = "How much worse than the baseline is good enough. Default: ${DEFAULT-VALUE}.")
    private double tolerance;

    @Mixin
    private GivenConfig given = new GivenConfig();

    @Override
    public Integer call() throws Exception {
        if (depths.isEmpty() || depths.first() < 1 || !(tolerance >= 0)) {
            throw new CommandFailedException("Cannot evaluate with --k " + depths + " and --tolerance " + tolerance
                    + ": depths are 1 or more, and the tolerance is 0 or more.");
        }
        List<Question> questions = Question.read(questionFile);
        Report baseline = baselineFile == null ? null : Report.read(baselineFile);
        Report report;
        try (Connection connection = new Warehouse(given.warehouse(), "spindrift evaluate").open()) {
            report = report(connection, questions);
        }
        System.out.println(report.table());
        if (json != null) {
            report.write(json);
        }
        List<String> worse = baseline == null ? List.of() : report.worseThan(baseline, tolerance);
        worse.forEach(line -> System.out.println("WORSE  " + line));
        return worse.isEmpty() ? 0 : 1;
    }

    private Report report(Connection connection, List<Question> questions) throws Exception {
        Corpus corpus = new Corpus(SearchableText.readAll(connection));
        checkLabels(corpus, questions);
        System.out.printf(
                "%d questions over %d distinct texts%n%n",
                questions.size(), corpus.texts().size());
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        for (ModelSettings model : models()) {
            rows.put(
                    nameOf(Models.info(model)),
                    metrics(
                            model,
                            corpus,
                            questions,
                            StoredVectors.searchable(connection, ModelTable.of(Models.info(model)))));
        }
        try (Bm25Retriever bm25 = new Bm25Retriever(
                corpus.texts().stream().map(SearchableText::text).toList())) {
            rows.put("bm25", Metrics.of(bm25, corpus, questions, depths));
        }
        return Report.of(questions, corpus, rows);
    }

    private static void checkLabels(Corpus corpus, List<Question> questions) {
        if (corpus.texts().isEmpty()) {
            throw new CommandFailedException("Cannot evaluate: SEARCHABLE_CHUNKS is empty. Run the job first; if it"
                    + " has run, the active model in MODELS may have no vectors yet.");
        }
        Set<String> unknown = corpus.unknown(questions);
        if (!unknown.isEmpty()) {
            System.err.println("Not in SEARCHABLE_CHUNKS, and so never found: " + unknown.size() + " labels, such as "
                    + unknown.stream().limit(MOST_UNKNOWN_NAMED).toList());
        }
        if (questions.stream().allMatch(question -> unknown.containsAll(question.documents()))) {
            throw new CommandFailedException("Cannot evaluate: no question is labelled with a document that is"
                    + " there. Label them with values of DOCUMENT_ID, or with file names without folder and"
                    + " extension.");
        }
    }

    private List<ModelSettings> models() {
        ModelSettings configured = given.model();
        return models.isEmpty()
                ? List.of(configured)
                : models.stream()
                        .map(model -> new ModelSettings(model, configured.precision(), configured.dimension()))
                        .toList();
    }

    private static String nameOf(ModelInfo model) {
        return model.id() + " (" + model.precision() + ", " + model.dimension() + ")";
    }

    private Map<String, Double> metrics(
            ModelSettings settings, Corpus corpus, List<Question> questions, Map<String, float[]> stored)
            throws IOException, SQLException {
        Tokenizer tokenizer = Models.tokenizer(settings);
        try (SharedEmbedder embedder = given.embedder(settings)) {
            embedMissing(embedder, tokenizer, corpus, stored);
            List<float[]> vectors =
                    corpus.texts().stream().map(text -> stored.get(text.key())).toList();
            VectorRetriever retriever = new VectorRetriever(
                    vectors, question -> OrderedEmbedding.await(question, embedder.embed(tokenizer.query(question))));
            return Metrics.of(retriever, corpus, questions, depths);
        }
    }

    private static void embedMissing(
            SharedEmbedder embedder, Tokenizer tokenizer, Corpus corpus, Map<String, float[]> vectors)
            throws IOException {
        OrderedEmbedding<String> embedding =
                new OrderedEmbedding<>(embedder, (key, input, vector) -> vectors.put(key, vector));
        ModelInfo model = embedder.model();
        int missing = 0;
        int cut = 0;
        for (SearchableText text : corpus.texts()) {
            if (!vectors.containsKey(text.key())) {
                missing++;
                ModelInput input = tokenizer.document(text.text());
                if (input.tokens() > model.maxTokens()) {
                    cut++;
                    input = tokenizer.document(tokenizer.cut(text.text(), model.maxTokens()));
                }
                embedding.add(text.key(), input);
            }
        }
        embedding.finish();
        if (missing > 0) {
            System.err.println(nameOf(model) + ": " + missing + " texts have no vector in "
                    + ModelTable.of(model).name() + " and were embedded now, " + cut + " of them cut to "
                    + model.maxTokens() + " tokens");
        }
    }
}
