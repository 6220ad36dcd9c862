package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many callers that come and go, give up and bring poison, on devices whose memory comes and goes. */
@Timeout(120)
class BatcherStressTest {
    private static final int CALLERS = 12;
    private static final int TEXTS = 2_000;

    private final AtomicInteger good = new AtomicInteger();
    private final AtomicInteger poison = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void answersEachTextOnceAndAsItDeserves(long seed) throws Exception {
        BatchSettings settings = new BatchSettings(400, Duration.ofNanos(50_000), 2_000, 2);
        List<ScriptedModel> models = List.of(new ScriptedModel(), new ScriptedModel());
        List<Replica> replicas =
                models.stream().map(model -> model.replica(settings)).toList();
        Batcher batcher = new Batcher(replicas, settings, Duration.ofMinutes(1), System::nanoTime);
        List<Thread> threads = new ArrayList<>();
        List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < CALLERS; i++) {
            Random random = new Random(seed * 1_000 + i);
            Thread thread = new Thread(() -> embedMany(batcher, random));
            thread.setUncaughtExceptionHandler((failed, error) -> errors.add(error));
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        Random weather = new Random(seed);
        while (threads.stream().anyMatch(Thread::isAlive)) {
            models.get(weather.nextInt(2)).memory = weather.nextBoolean() ? Integer.MAX_VALUE : 1 + weather.nextInt(9);
            Thread.sleep(1);
        }
        assertThat(errors).isEmpty();

        BatcherMetrics metrics = batcher.metrics();
        assertThat(metrics.queuedTexts()).isZero();
        assertThat(metrics.queuedTokens()).isZero();
        assertThat(answers).as("answers, each once").hasValue(CALLERS * TEXTS);
        assertThat(good.get() + poison.get() + cancelled.get()).isEqualTo(CALLERS * TEXTS);
        assertThat(metrics.texts()).isEqualTo(good.get());
        assertThat(metrics.rejected()).isEqualTo(poison.get());
        assertThat(poison.get()).isPositive();
        assertThat(givenUp.get()).isPositive();
        assertThat(cancelled.get()).as("given up, or dropped with their caller").isGreaterThan(givenUp.get());
        assertThat(metrics.memorySplits()).isPositive();
        System.out.println("seed " + seed + ": " + metrics);
        batcher.close();
        assertThat(batcher.isStuck()).isFalse();
    }

    /** Embeds texts from a caller after another, some of which leave while texts are in flight. */
    private void embedMany(Batcher batcher, Random random) {
        for (int done = 0; done < TEXTS; ) {
            Caller caller = batcher.enter();
            int count = Math.min(TEXTS - done, 1 + random.nextInt(200));
            boolean leavesEarly = random.nextInt(4) == 0;
            List<CompletableFuture<float[]>> own = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int kind = random.nextInt(50);
                String text = kind == 0 ? "poison" : kind == 1 ? "nan" : kind == 2 ? "unfit" : "x".repeat(1 + kind);
                CompletableFuture<float[]> answer = batcher.embed(caller, Inputs.of(text, 1 + random.nextInt(80)));
                var unused = answer.whenComplete((vector, failure) -> {
                    answers.incrementAndGet();
                    batcher.taken(caller);
                });
                if (random.nextInt(20) == 0 && answer.cancel(false)) {
                    givenUp.incrementAndGet();
                }
                own.add(answer);
                texts.add(text);
            }
            if (leavesEarly) {
                batcher.leave(caller);
            }
            IntStream.range(0, count).forEach(i -> check(texts.get(i), own.get(i)));
            batcher.leave(caller);
            done += count;
        }
    }

    private void check(String text, CompletableFuture<float[]> answer) {
        boolean bad = text.charAt(0) != 'x';
        try {
            assertThat(answer.get()).containsExactly(text.length(), 1);
            assertThat(bad).isFalse();
            good.incrementAndGet();
        } catch (CancellationException e) {
            cancelled.incrementAndGet();
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(RejectedTextException.class);
            assertThat(bad).isTrue();
            poison.incrementAndGet();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
