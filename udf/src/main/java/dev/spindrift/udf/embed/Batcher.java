package dev.spindrift.udf.embed;

import dev.spindrift.udf.embed.IdleTime.Reason;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.token.ModelInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the texts of all callers into batches and runs them through one model on threads of its own, on each device
 * that has a replica of it.
 *
 * <p>{@link BatchQueue} decides what is in a batch and when it goes, {@link BatchRun} what becomes of it; this class is
 * the lock between them and the threads of the {@link Crew}. A future's dependents run on a worker, so they must be
 * short and never wait for this batcher.
 *
 * <p>When the engine is lost every future fails with {@link EngineLostException}, and so does every later call.
 */
final class Batcher implements AutoCloseable {
    private final ModelInfo model;
    private final List<Replica> replicas;
    private final LongSupplier nanoClock;
    private final Counts counts = new Counts();
    private final Crew crew;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final BatchQueue<Request> queue;
    private final Set<Caller> callers = new HashSet<>();
    private final Set<List<Request>> inModel = Collections.newSetFromMap(new IdentityHashMap<>());
    private final IdleTime idle;
    private final WaitTimes waits = new WaitTimes();

    /** Why no more texts are taken; null while they are. */
    private @Nullable RuntimeException ended;

    /**
     * Starts the workers. The replicas' models stay the caller's, to be closed after this batcher, unless it {@link
     * #isStuck()}.
     *
     * @param replicas of one model, at least one
     * @param passLimit how long a forward pass may take
     */
    Batcher(List<Replica> replicas, BatchSettings settings, Duration passLimit, LongSupplier nanoClock) {
        this.model = replicas.get(0).model.info();
        this.replicas = List.copyOf(replicas);
        this.nanoClock = nanoClock;
        this.queue =
                new BatchQueue<>(settings.maxQueuedTokens(), settings.linger().toNanos());
        this.idle = new IdleTime(idleUnits(), nanoClock.getAsLong());
        this.crew = new Crew("spindrift-embed-" + model.id(), passLimit, nanoClock, this::lose);
        for (Replica replica : replicas) {
            for (int i = 0; i < replica.workers; i++) {
                BatchRun run = new BatchRun(new ForwardPass(replica, counts, crew.passes(), nanoClock));
                crew.add(replica.device + "-" + i, () -> work(replica, run));
            }
        }
        crew.start();
    }

    ModelInfo model() {
        return model;
    }

    /** Someone new who gives texts, and gets a fair share of the devices and of the queue. */
    Caller enter() {
        lock.lock();
        try {
            Caller caller = new Caller(queue.open());
            callers.add(caller);
            return caller;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a caller: its texts that wait fail with {@link CancellationException}. A second call does nothing. */
    void leave(Caller caller) {
        List<Request> left;
        lock.lock();
        try {
            caller.closed = true;
            callers.remove(caller);
            left = queue.close(caller.source);
            room.signalAll();
            noteIdle();
        } finally {
            lock.unlock();
        }
        fail(left, new CancellationException("Cannot embed a text: its caller left."));
    }

    /**
     * {@link Embedder#embed} for a caller.
     *
     * @throws CancellationException if the caller was interrupted or left while the queue was full, or this batcher is
     *     closed
     * @throws EngineLostException if the engine is lost
     */
    CompletableFuture<float[]> embed(Caller caller, ModelInput input) {
        CompletableFuture<float[]> answer = new CompletableFuture<>();
        try {
            lock.lockInterruptibly();
            try {
                caller.asked();
                if (input.tokens() <= model.maxTokens()) {
                    enqueue(caller, input, answer);
                    return answer;
                }
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Cannot embed a text: interrupted while the queue was full.");
        }
        counts.rejected.increment();
        answer.completeExceptionally(new RejectedTextException("Cannot embed a text of " + input.tokens()
                + " tokens: model " + model.id() + " reads at most " + model.maxTokens() + "."));
        return answer;
    }

    private void enqueue(Caller caller, ModelInput input, CompletableFuture<float[]> answer)
            throws InterruptedException {
        while (ended == null && !caller.closed && !queue.hasRoom(caller.source, input.cost())) {
            room.await();
        }
        if (ended != null) {
            throw ended;
        }
        if (caller.closed) {
            throw new CancellationException("Cannot embed a text: its caller left.");
        }
        Request request = new Request(input, answer, caller, nanoClock.getAsLong());
        queue.add(caller.source, request, request.cost(), request.since());
        caller.unanswered++;
        if (queue.size() == 1) {
            noteIdle();
            work.signal();
        } else if (replicas.stream().anyMatch(replica -> queue.cost() >= replica.budget.tokens())) {
            work.signal();
        }
    }

    /** {@link Embedder#taken} for a caller. */
    void taken(Caller caller) {
        lock.lock();
        try {
            caller.taken();
            noteIdle();
        } finally {
            lock.unlock();
        }
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

    /** {@link Crew#isStuck()}. */
    boolean isStuck() {
        return crew.isStuck();
    }

    /** What was done and what waits, now. */
    BatcherMetrics metrics() {
        lock.lock();
        try {
            return BatcherMetrics.of(replicas, queue, counts, waits, idle, nanoClock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the workers and returns when none is in the model any more, or when one of them {@link #isStuck()}. Batches
     * under way are finished and answered; texts that wait fail with {@link CancellationException}. A second call does
     * nothing.
     */
    @Override
    public void close() {
        end(new CancellationException("Cannot embed a text: this batcher is closed."));
        crew.join();
    }

    private void work(Replica replica, BatchRun run) {
        for (List<Request> batch = next(replica); !batch.isEmpty(); batch = next(replica)) {
            try {
                run.run(batch);
            } catch (RuntimeException | Error e) {
                RuntimeException reason =
                        e instanceof RuntimeException known ? known : new EngineLostException("Cannot embed: " + e, e);
                // Before the answers: who reads one must not find this batcher still taking texts.
                end(reason);
                fail(batch, reason);
            } finally {
                done(replica, batch);
            }
        }
    }

    /** Waits for the next batch; empty when there will be none. */
    private List<Request> next(Replica replica) {
        lock.lock();
        try {
            while (ended == null) {
                int budget = replica.budget.tokens();
                long now = nanoClock.getAsLong();
                long wait = queue.untilDue(budget, now);
                if (wait == 0) {
                    List<Request> batch = queue.take(budget);
                    batch.forEach(request -> waits.add(now - request.since()));
                    inModel.add(batch);
                    replica.busy++;
                    noteIdle();
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

    private void done(Replica replica, List<Request> batch) {
        lock.lock();
        try {
            batch.forEach(request -> request.caller().unanswered--);
            inModel.remove(batch);
            replica.busy--;
            noteIdle();
        } finally {
            lock.unlock();
        }
    }

    /** To be called whenever what devices wait for may have changed. */
    private void noteIdle() {
        Reason reason = queue.size() > 0
                ? Reason.GATHERING
                : callers.stream().anyMatch(Caller::holdsBack) ? Reason.BACKPRESSURE : Reason.NO_INPUT;
        idle.change(idleUnits(), reason, nanoClock.getAsLong());
    }

    private int idleUnits() {
        return replicas.stream().mapToInt(Replica::idleUnits).sum();
    }

    /** Fails all texts, those in the model too. */
    private void lose(EngineLostException reason) {
        end(reason);
        List<Request> running = new ArrayList<>();
        lock.lock();
        try {
            inModel.forEach(running::addAll);
        } finally {
            lock.unlock();
        }
        fail(running, reason);
    }

    private void end(RuntimeException reason) {
        List<Request> left = new ArrayList<>();
        lock.lock();
        try {
            if (ended == null) {
                ended = reason;
            }
            callers.forEach(caller -> left.addAll(queue.close(caller.source)));
            noteIdle();
            room.signalAll();
            work.signalAll();
        } finally {
            lock.unlock();
        }
        fail(left, reason);
    }

    private static void fail(List<Request> requests, RuntimeException reason) {
        requests.forEach(request -> request.answer().completeExceptionally(reason));
    }
}
