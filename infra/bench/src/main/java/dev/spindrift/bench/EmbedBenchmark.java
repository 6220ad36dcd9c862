package dev.spindrift.bench;

import dev.spindrift.bench.bert.BertDirectory;
import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.bench.bert.RandomBert;
import dev.spindrift.udf.model.Precision;
import dev.spindrift.udf.token.Tokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Times the engine on a CPU against its contenders and against the machine, all in one run. */
final class EmbedBenchmark {
    private static final int[] FIXED_LENGTHS = {32, 128, 256};

    /** One padded batch of the contenders that batch by number. */
    private static final int BATCH = 32;

    private static final int MOST_TEXTS = 64;

    /** What the engine works in a round: long against a clock's grain, short against the machine's moods. */
    private static final double SECONDS_OF_MIXED = 0.8;

    private static final double SECONDS_OF_FIXED = 0.25;

    private final @Nullable Path model;
    private final BertShape shape;
    private final Duration budget;
    private final PrintStream progress;

    /**
     * @param model a model's directory; null for random weights of {@code shape}
     * @param budget how long to take in all, loading not counted
     * @param progress where to say what goes on
     */
    EmbedBenchmark(@Nullable Path model, BertShape shape, Duration budget, PrintStream progress) {
        this.model = model;
        this.shape = shape;
        this.budget = budget;
        this.progress = progress;
    }

    Report run() throws IOException {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Path directory = model == null ? folder.make("model") : model;
            if (model == null) {
                progress.println("Writing a model with random weights.");
                RandomBert.write(shape, directory);
            }
            try (BertDirectory bert = openBert(directory)) {
                return run(directory, bert, folder.make("contenders"));
            }
        }
    }

    private @Nullable BertDirectory openBert(Path directory) throws IOException {
        try {
            return BertDirectory.open(directory);
        } catch (IllegalArgumentException e) {
            progress.println(
                    "Only the engine itself is timed, without the others, on this model: " + e.getMessage() + ".");
            return null;
        }
    }

    private Report run(Path directory, @Nullable BertDirectory bert, Path folder) throws IOException {
        Machine machine = Machine.here();
        List<Precision> precisions = new ArrayList<>(List.of(Precision.FP32));
        if (machine.hasBf16()) {
            precisions.add(Precision.BF16);
        }
        if (machine.hasInt8()) {
            precisions.add(Precision.INT8);
        }
        progress.println("Loading it into each contender.");
        String loadBefore = Machine.load();
        try (Contenders contenders = new Contenders(directory, bert, precisions, folder)) {
            BertShape known = bert == null ? null : bert.shape();
            List<Texts> sets = texts(contenders);
            Map<String, Double> cosines = contenders.agreement(sets.get(0).of(0));
            progress.println("Taking turns for " + budget.toSeconds() + " seconds.");
            Map<Series, Samples> samples =
                    new Rounds(contenders.series(sets, known)).run(System.nanoTime() + budget.toNanos());
            return new Report(
                    model == null ? "random weights" : model.toString(),
                    known,
                    machine,
                    List.of(loadBefore, Machine.load()),
                    contenders.onnxVersion(),
                    cosines,
                    samples);
        }
    }

    private static List<Texts> texts(Contenders contenders) {
        Tokenizer tokenizer = contenders.tokenizer();
        Texts probe = Texts.mixed(tokenizer, BATCH);
        contenders.engine().embed(probe.of(0));
        long begin = System.nanoTime();
        contenders.engine().embed(probe.of(1));
        double seconds = (System.nanoTime() - begin) / 1e9;
        double tokensPerSecond = Work.of(probe.of(1), null).tokens() / seconds;
        List<Texts> sets = new ArrayList<>();
        sets.add(Texts.mixed(tokenizer, batches(SECONDS_OF_MIXED / seconds)));
        for (int length : FIXED_LENGTHS) {
            double batchSeconds = BATCH * length / tokensPerSecond;
            sets.add(Texts.fixed(tokenizer, length, batches(SECONDS_OF_FIXED / batchSeconds), Texts.ROUNDS));
        }
        return sets;
    }

    /** So many texts as {@code wanted} batches have: whole ones, at least one, and no more than are worth it. */
    private static int batches(double wanted) {
        return Math.min(MOST_TEXTS, BATCH * Math.max(1, (int) Math.round(wanted)));
    }
}
