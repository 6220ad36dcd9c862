package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.token.ModelInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the texts of all callers into batches and runs them through one model on threads of its own.
 *
 * <p>{@link BatchQueue} decides what is in a batch and when it goes, {@link BatchRun} what becomes of it; this class
 * is the lock and the threads between them. Order is first come, first served, over all callers. A future's dependents
 * run on a worker, so they must be short and never wait for this batcher.
 *
 * <p>When the engine is lost every future fails with {@link EngineLostException}, and so does every later call.
 */
public final class Batcher implements Embedder, AutoCloseable {
    private final EmbeddingModel model;
    private final TokenBudget budget;
    private final BatchRun run;
    private final LongSupplier nanoClock;
    private final List<Thread> workers = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final BatchQueue<Request> queue;

    /** Why no more texts are taken; null while they are. */
    private @Nullable RuntimeException ended;

    /** Starts the workers. The model stays the caller's, to be closed after this batcher. */
    public Batcher(EmbeddingModel model, BatchSettings settings) {
        this(model, settings, System::nanoTime);
    }

    Batcher(EmbeddingModel model, BatchSettings settings, LongSupplier nanoClock) {
        this.model = model;
        this.budget = new TokenBudget(settings.maxBatchTokens());
        this.run = new BatchRun(model, budget, nanoClock);
        this.nanoClock = nanoClock;
        this.queue =
                new BatchQueue<>(settings.maxQueuedTokens(), settings.linger().toNanos());
        for (int i = 0; i < settings.workers(); i++) {
            Thread worker =
                    new Thread(this::work, "spindrift-embed-" + model.info().id() + "-" + i);
            worker.setDaemon(true);
            // Not the caller's: a Flink job's class loader must not outlive its job.
            worker.setContextClassLoader(Batcher.class.getClassLoader());
            workers.add(worker);
        }
        workers.forEach(Thread::start);
    }

    @Override
    public ModelInfo model() {
        return model.info();
    }

    /**
     * {@inheritDoc}
     *
     * @throws CancellationException if the caller was interrupted while the queue was full, or this batcher is closed
     * @throws EngineLostException if the engine is lost
     */
    @Override
    public CompletableFuture<float[]> embed(ModelInput input) {
        if (input.tokens() > model().maxTokens()) {
            run.rejected.increment();
            return CompletableFuture.failedFuture(new RejectedTextException("Cannot embed a text of " + input.tokens()
                    + " tokens: model " + model().id() + " reads at most "
                    + model().maxTokens() + "."));
        }
        Request request = new Request(input, new CompletableFuture<>());
        try {
            lock.lockInterruptibly();
            try {
                enqueue(request);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Cannot embed a text: interrupted while the queue was full.");
        }
        return request.answer();
    }

    /** Whether texts are taken: not closed, and the engine not lost. */
    boolean isOpen() {
        lock.lock();
        try {
            return ended == null;
        } finally {
            lock.unlock();
        }
    }

    /** What was done and what waits, now. */
    public BatcherMetrics metrics() {
        lock.lock();
        try {
            return new BatcherMetrics(
                    queue.size(),
                    queue.cost(),
                    run.batches.sum(),
                    run.texts.sum(),
                    run.tokens.sum(),
                    run.rejected.sum(),
                    budget.tokens(),
                    run.busyNanos.sum());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the workers and returns when none is in the model any more. A batch under way is finished and answered;
     * texts that wait fail with {@link CancellationException}. A second call does nothing.
     */
    @Override
    public void close() {
        end(new CancellationException("Cannot embed a text: this batcher is closed."));
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive() && worker != Thread.currentThread()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    // Leaving now would let the model be freed under a running forward pass.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void enqueue(Request request) throws InterruptedException {
        while (ended == null && !queue.hasRoom(request.cost())) {
            room.await();
        }
        if (ended != null) {
            throw ended;
        }
        queue.add(request, request.cost(), nanoClock.getAsLong());
        work.signal();
    }

    private void work() {
        for (List<Request> batch = next(); !batch.isEmpty(); batch = next()) {
            try {
                run.run(batch);
            } catch (RuntimeException | Error e) {
                RuntimeException reason =
                        e instanceof RuntimeException known ? known : new EngineLostException("Cannot embed: " + e, e);
                // Before the answers: who reads one must not find this batcher still taking texts.
                end(reason);
                batch.forEach(request -> request.answer().completeExceptionally(reason));
            }
        }
    }

    /** Waits for the next batch; empty when there will be none. */
    private List<Request> next() {
        lock.lock();
        try {
            while (ended == null) {
                long wait = queue.untilDue(budget.tokens(), nanoClock.getAsLong());
                if (wait == 0) {
                    List<Request> batch = queue.take(budget.tokens());
                    room.signalAll();
                    // Another worker may have slept through what is left.
                    work.signal();
                    return batch;
                }
                try {
                    work.awaitNanos(wait);
                } catch (InterruptedException e) {
                    // A stray one: close() ends workers otherwise. Look again and go on.
                }
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private void end(RuntimeException reason) {
        List<Request> left;
        lock.lock();
        try {
            if (ended == null) {
                ended = reason;
            }
            left = queue.drain();
            room.signalAll();
            work.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(request -> request.answer().completeExceptionally(reason));
    }
}
