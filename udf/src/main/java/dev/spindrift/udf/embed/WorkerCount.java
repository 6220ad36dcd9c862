package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.torch.DeviceMemoryException;
import dev.spindrift.udf.torch.OwnThread;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many workers a model is run with on a CPU: what a measurement of about a second found best. Cores that share a
 * floating-point unit or a memory bus make few workers as fast as many.
 */
final class WorkerCount {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerCount.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String SENTENCE =
            "The wind tears foam from the crests of the waves and drives it over the sea as spindrift.";

    /** Fewer workers that come this close to the best are preferred. */
    private static final double CLOSE = 0.95;

    private static final int ROUNDS = 2;
    private static final int PASS_TOKENS = 256;
    private static final long LONGEST_PASS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long NANOS_EACH = TimeUnit.MILLISECONDS.toNanos(150);

    private WorkerCount() {}

    /** Measures one worker, half as many as cores, and as many as cores; in turns, so that drift hits all alike. */
    static int measure(EmbeddingModel model, int cores) {
        List<ModelInput> batch = batch(model);
        SortedMap<Integer, Double> rates = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            IntStream.of(1, Math.max(1, cores / 2), cores).distinct().forEach(workers -> {
                double rate = tokensPerSecond(model, batch, workers);
                rates.merge(workers, rate, Math::max);
            });
        }
        int best = best(rates);
        LOG.info(
                "Model {} runs with {} workers: tokens per second by workers are {}.",
                model.info().id(),
                best,
                rates);
        return best;
    }

    /** The fewest workers whose rate is close to the best. */
    static int best(SortedMap<Integer, Double> rates) {
        double enough = CLOSE * Collections.max(rates.values());
        return rates.keySet().stream()
                .filter(workers -> rates.getOrDefault(workers, 0.0) >= enough)
                .findFirst()
                .orElseThrow();
    }

    /** Texts for a pass of an ordinary size, or of fewer tokens if the model is slow. */
    private static List<ModelInput> batch(EmbeddingModel model) {
        ModelInput sentence = model.tokenizer()
                .document(model.tokenizer().cut(SENTENCE, model.info().maxTokens()));
        model.embed(List.of(sentence)); // the first call is slow
        long begin = System.nanoTime();
        model.embed(List.of(sentence));
        long fitting = LONGEST_PASS_NANOS / Math.max(1, System.nanoTime() - begin);
        return Collections.nCopies((int) Math.max(1, Math.min(fitting, PASS_TOKENS / sentence.cost())), sentence);
    }

    /** What so many workers would do if the cores were theirs alone: time that others took of them does not count. */
    private static double tokensPerSecond(EmbeddingModel model, List<ModelInput> batch, int workers) {
        AtomicLong passes = new AtomicLong();
        AtomicLong cpuNanos = new AtomicLong();
        long end = System.nanoTime() + NANOS_EACH;
        CompletableFuture<?>[] running = IntStream.range(0, workers)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            passes.addAndGet(passesUntil(end, model, batch));
                            cpuNanos.addAndGet(THREADS.getCurrentThreadCpuTime());
                        },
                        work -> OwnThread.of("spindrift-embed-measure-" + i, work)
                                .start()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(running).join();
        long tokens = passes.get() * batch.size() * batch.get(0).cost();
        return workers * tokens * 1e9 / Math.max(1, cpuNanos.get());
    }

    private static int passesUntil(long end, EmbeddingModel model, List<ModelInput> batch) {
        int passes = 0;
        try {
            do {
                model.embed(batch);
                passes++;
            } while (System.nanoTime() - end < 0);
        } catch (DeviceMemoryException e) {
            LOG.info("A measured pass lacked memory; so many workers are too many.");
        }
        return passes;
    }
}
