package dev.spindrift.pipeline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spindrift.pipeline.job.JobConfig;
import dev.spindrift.pipeline.job.Options;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.Search;
import dev.spindrift.pipeline.warehouse.SqlFile;
import dev.spindrift.pipeline.warehouse.Warehouse;
import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The main job shown end to end on the local stack: pages published, embedded and committed, one page edited, three
 * questions asked, the invariants verified. It reads what happened from the warehouse alone, so that it says the truth
 * whatever was killed meanwhile.
 */
final class Demo {
    private static final String TOPIC = "handbook";

    /** A name of its own, so that a user's job on the same stack is not taken for the demo's. */
    private static final String JOB = "handbook";

    private static final String EDITED_PAGE = "handbook/consumer-lag.md";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration SHOW_AT_LEAST_EVERY = Duration.ofSeconds(5);

    /** Leaves half of the local cluster's slots to a second job. */
    private static final int PARALLELISM = 2;

    /** One paragraph edited may cost the chunk it is in and both its neighbours. */
    private static final int MOST_VECTORS_FOR_AN_EDIT = 3;

    private static final int HITS = 5;
    private static final Set<String> ALIVE =
            Set.of("INITIALIZING", "CREATED", "RUNNING", "RESTARTING", "FAILING", "RECONCILING");

    /** Questions of the samples, each with the page that answers it. */
    private static final Map<String, String> QUESTIONS = Map.of(
            "What should a writer do after it has been fenced by a newer incarnation?",
            "handbook/transactions-in-kafka.md",
            "Where should I cut a long manual so that each passage still makes sense by itself?",
            "handbook/chunking-text.md",
            "A page shrank from nine chunks to six; which rows must be deleted so that search does not find removed"
                    + " sentences?",
            "handbook/merge-and-duplicates.md");

    private final LocalStackState stack;
    private final Path samples;
    private final Duration patience;
    private final List<String> jobOptions;
    private final List<String> failures = new ArrayList<>();

    Demo(LocalStackState stack, Path samples, String checkpointInterval, Duration patience) {
        this.stack = stack;
        this.samples = samples;
        this.patience = patience;
        this.jobOptions = new ArrayList<>(stack.jobOptions());
        jobOptions.add("source.kafka.topics=" + TOPIC);
        jobOptions.add("source.kafka.group-id=" + JOB);
        jobOptions.add("sink.job=" + JOB);
        jobOptions.add("checkpoint.interval=" + checkpointInterval);
    }

    DemoReport run() throws Exception {
        Instant start = Instant.now();
        JobConfig config = JobConfig.load(null, jobOptions);
        ModelTable model = ModelTable.of(config.model());
        try (PatientWarehouse warehouse =
                new PatientWarehouse(new Warehouse(config.warehouse(), "spindrift demo"), patience)) {
            say("Applying sql/setup.sql");
            warehouse.ask(connection -> {
                Warehouse.runScript(connection, SqlFile.read("setup.sql", model));
                return true;
            });
            long rejectedBefore = warehouse.ask(TableCounts::read).rejected();
            Map<String, byte[]> pages = readPages();
            say("Publishing " + pages.size() + " pages to topic " + TOPIC);
            Map<String, RecordMetadata> published = publish(pages);
            submitUnlessRunning();
            awaitCommitted(warehouse, published, start);
            editOnePage(warehouse, pages, start);
            search(warehouse, model);
            say("Verifying the five invariants");
            boolean verified = warehouse.ask(connection -> VerifyCommand.verify(connection, model));
            check(verified, "an invariant is broken");
            TableCounts counts = warehouse.ask(TableCounts::read);
            check(counts.rejected() == rejectedBefore, "records were rejected: see REJECTED_DOCUMENTS");
            failures.forEach(failure -> System.out.println("FAILED: " + failure));
            return new DemoReport(
                    counts.documents(),
                    counts.chunks(),
                    counts.vectors(),
                    counts.duplicates(),
                    counts.rejected(),
                    verified,
                    failures.isEmpty(),
                    Duration.between(start, Instant.now()).toSeconds());
        }
    }

    private Map<String, byte[]> readPages() throws IOException {
        Map<String, byte[]> pages = new LinkedHashMap<>();
        DocumentFiles.read(samples.resolve("handbook"), new Collector(pages));
        return pages;
    }

    private Map<String, RecordMetadata> publish(Map<String, byte[]> documents) throws InterruptedException {
        try (DocumentPublisher publisher = new DocumentPublisher(stack.bootstrapServers(), TOPIC)) {
            documents.forEach(publisher::publish);
            return publisher.flush();
        }
    }

    private void submitUnlessRunning() throws Exception {
        FlinkRest flink = new FlinkRest(stack.restUrl());
        for (JsonNode job : flink.jobs()) {
            if (job.path("name").asText().equals(JOB)
                    && ALIVE.contains(job.path("state").asText())) {
                say("The job is running already: " + job.path("jid").asText());
                return;
            }
        }
        String id = SubmitCommand.submit(flink, Options.arguments(null, jobOptions), PARALLELISM, null);
        say("Submitted job " + id + ", to be watched at " + stack.restUrl());
    }

    /** Waits until the warehouse holds each document in the version published, or a newer one. */
    private void awaitCommitted(PatientWarehouse warehouse, Map<String, RecordMetadata> published, Instant start)
            throws Exception {
        Instant giveUp = Instant.now().plus(patience);
        TableCounts shown = null;
        Instant showAgain = Instant.now();
        while (true) {
            Map<String, Long> committed = warehouse.ask(Demo::committedSequences);
            long waiting = published.entrySet().stream()
                    .filter(e -> committed.getOrDefault(e.getKey(), -1L)
                            < e.getValue().offset())
                    .count();
            TableCounts counts = warehouse.ask(TableCounts::read);
            if (!counts.equals(shown) || Instant.now().isAfter(showAgain)) {
                progress(counts, start);
                shown = counts;
                showAgain = Instant.now().plus(SHOW_AT_LEAST_EVERY);
            }
            if (waiting == 0) {
                return;
            }
            if (Instant.now().isAfter(giveUp)) {
                throw new CommandFailedException("Cannot go on: " + waiting + " of " + published.size()
                        + " documents were not committed within " + patience + ". Look at the job at "
                        + stack.restUrl() + " and at logs/ in the stack's state folder, .spindrift.");
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    private static Map<String, Long> committedSequences(Connection connection) throws SQLException {
        Map<String, Long> sequences = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT DOCUMENT_ID, SEQUENCE FROM DOCUMENTS")) {
            while (rows.next()) {
                sequences.put(rows.getString(1), rows.getLong(2));
            }
        }
        return sequences;
    }

    private void editOnePage(PatientWarehouse warehouse, Map<String, byte[]> pages, Instant start) throws Exception {
        TableCounts before = warehouse.ask(TableCounts::read);
        byte[] page = pages.get(EDITED_PAGE);
        if (page == null) {
            throw new CommandFailedException("Cannot edit " + EDITED_PAGE + ": it is not among the samples.");
        }
        say("Editing one paragraph of " + EDITED_PAGE);
        awaitCommitted(warehouse, publish(Map.of(EDITED_PAGE, edited(page))), start);
        TableCounts after = warehouse.ask(TableCounts::read);
        long cost = after.vectors() - before.vectors();
        say("The edit cost " + cost + (cost == 1 ? " embedding" : " embeddings") + " of the page's "
                + chunksOf(warehouse, EDITED_PAGE) + " chunks");
        check(
                cost >= 1 && cost <= MOST_VECTORS_FOR_AN_EDIT,
                "the edit cost " + cost + " embeddings instead of 1 to " + MOST_VECTORS_FOR_AN_EDIT);
        check(after.documents() == before.documents(), "the edit changed the number of documents");
    }

    private static long chunksOf(PatientWarehouse warehouse, String documentId) throws Exception {
        return warehouse.ask(connection -> {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT CHUNKS FROM DOCUMENTS WHERE DOCUMENT_ID = ?")) {
                query.setString(1, documentId);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    /** The document with a sentence more at the end of its second paragraph; another one each time. */
    private static byte[] edited(byte[] document) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode node = (ObjectNode) json.readTree(document);
        String text = node.path("text").asText();
        int heading = text.indexOf("\n\n");
        int paragraph = text.indexOf("\n\n", heading + 2);
        String sentence = " This line was added by the demo at " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ".";
        node.put("text", text.substring(0, paragraph) + sentence + text.substring(paragraph));
        return json.writeValueAsBytes(node);
    }

    private void search(PatientWarehouse warehouse, ModelTable table) throws Exception {
        try (EmbeddingModel model = Models.open(ModelSettings.of(table.modelId()), "cpu")) {
            for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
                System.out.println();
                say("Searching: " + question.getKey());
                float[] query = model.embedQuery(question.getKey());
                List<Search.Hit> hits = warehouse.ask(connection -> Search.run(connection, table, query, null, HITS));
                hits.stream().limit(3).forEach(SearchCommand::print);
                check(
                        hits.stream().anyMatch(hit -> hit.documentId().equals(question.getValue())),
                        question.getValue() + " is not among the first " + HITS + " passages for: "
                                + question.getKey());
            }
        }
        System.out.println();
    }

    private static void progress(TableCounts counts, Instant start) {
        double seconds = Math.max(1, Duration.between(start, Instant.now()).toMillis()) / 1000.0;
        System.out.printf(
                "%4.0f s  documents %d  chunks %d  vectors %d  duplicates spared %d  rejected %d  %.1f chunks/s%n",
                seconds,
                counts.documents(),
                counts.chunks(),
                counts.vectors(),
                counts.duplicates(),
                counts.rejected(),
                counts.chunks() / seconds);
    }

    private void check(boolean held, String failure) {
        if (!held) {
            failures.add(failure);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private record Collector(Map<String, byte[]> documents) implements DocumentFiles.Receiver {
        @Override
        public void document(String id, byte[] value) {
            documents.put(id, value);
        }

        @Override
        public void unreadable(String where, String why) {
            throw new CommandFailedException("Cannot publish the sample " + where + ": " + why + ".");
        }

        @Override
        public void skipped(Path file) {
            throw new CommandFailedException("Cannot publish the sample " + file + ": it is not Markdown.");
        }
    }
}
