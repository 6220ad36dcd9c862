package dev.spindrift.pipeline.embed;

import dev.spindrift.pipeline.data.ChunkResult;
import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.EmbeddingRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.tally.Tallies;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.embed.RejectedTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Embeds each distinct text once, asynchronously. A key (the hash of a text) is unknown, pending or done:
 *
 * <ul>
 *   <li>done (keyed state says so, and holds nothing but the key): the chunk's row and its result leave at once;
 *   <li>pending: the chunk waits for the text that is under way;
 *   <li>unknown: it becomes pending, and the text goes to the embedder.
 * </ul>
 *
 * <p>What exactness rests on:
 *
 * <ul>
 *   <li>The embedder's answer becomes a mail, and so runs on the task thread between two records. It emits the vector,
 *       the rows of all chunks that waited and then their results, and marks the key as done, all in that one mail. No
 *       checkpoint barrier can part them, and no duplicate is acknowledged before its vector has left.
 *   <li>A record is in {@link InFlight} before the operator first gives way to other mails, so that whatever runs
 *       then, a snapshot included, sees all records received so far.
 *   <li>A snapshot writes the chunks in flight into keyed state, under their key; on restore they are asked for again
 *       by whichever subtask the key now belongs to, before it sees another record of that key. Operator state would
 *       be dealt out regardless of keys, and a duplicate could overtake its first occurrence.
 *   <li>The marks of done keys bear the model's fingerprint in their state's name: a job restored with another model
 *       finds no key done. The chunks in flight do not: they are embedded by the new model.
 * </ul>
 *
 * <p>A text that is rejected becomes unknown again: nothing is remembered about it, and all chunks that waited are
 * answered with its reason. Any other failure fails the task; the restarted one asks again.
 *
 * <p>{@link Embedder#embed} may block this thread while the batcher's queue is full. That is backpressure and no
 * deadlock: the batcher works on threads of its own, and an answer only puts a mail into a mailbox without bounds. At
 * most {@code capacity} chunks are in flight, and so at most that many mails wait.
 */
@SuppressWarnings("NullAway.Init") // Flink's life cycle: initializeState, then open
final class EmbedOperator extends AbstractStreamOperator<TableRow>
        implements OneInputStreamOperator<ChunkRow, TableRow>, BoundedOneInput {
    private static final long serialVersionUID = 1L;
    private static final String WAITING = "waiting-chunks";

    private final String modelFingerprint;
    private final int capacity;
    private final EmbedderLease lease;
    private final transient MailboxExecutor mailbox;

    private transient InFlight inFlight;
    private transient ValueState<Boolean> done;
    private transient ListState<ChunkRow> waiting;
    private transient Tallies tallies;
    private transient Counter chunksIn;
    private transient Counter chunksDeduplicated;
    private transient Counter chunksRejected;
    private transient Counter textsEmbedded;
    private transient @Nullable Embedder embedder;

    EmbedOperator(
            StreamOperatorParameters<TableRow> parameters, String modelFingerprint, int capacity, EmbedderLease lease) {
        super(parameters);
        this.mailbox = parameters.getMailboxExecutor();
        this.modelFingerprint = modelFingerprint;
        this.capacity = capacity;
        this.lease = lease;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        inFlight = new InFlight();
        done = context.getKeyedStateStore()
                .getState(new ValueStateDescriptor<>("done-" + modelFingerprint, Boolean.class));
        waiting = context.getKeyedStateStore()
                .getListState(new ListStateDescriptor<>(WAITING, TypeInformation.of(ChunkRow.class)));
        tallies = new Tallies(getMetricGroup(), context.getOperatorStateStore());
        chunksIn = tallies.counter("chunksIn");
        chunksDeduplicated = tallies.counter("chunksDeduplicated");
        chunksRejected = tallies.counter("chunksRejected");
        textsEmbedded = tallies.counter("textsEmbedded");
        getMetricGroup().gauge("chunksInFlight", () -> inFlight.size());
    }

    @Override
    public void open() throws Exception {
        super.open();
        Embedder opened = lease.open(getMetricGroup());
        embedder = opened;
        if (!opened.model().fingerprint().equals(modelFingerprint)) {
            throw new IllegalStateException("Cannot embed: this TaskManager's model "
                    + opened.model().id() + " is " + opened.model().fingerprint() + ", and the job was submitted with "
                    + modelFingerprint + ". Put the same spindrift-udf.jar into lib/ of the client and of all"
                    + " TaskManagers.");
        }
        resubmitRestored();
    }

    /** Asks again for what was in flight when the state was written. */
    private void resubmitRestored() throws Exception {
        KeyedStateBackend<String> backend = getKeyedStateBackend();
        List<String> keys;
        try (Stream<String> stream = backend.getKeys(WAITING, VoidNamespace.INSTANCE)) {
            keys = stream.toList();
        }
        for (String key : keys) {
            setCurrentKey(key);
            List<ChunkRow> chunks = new ArrayList<>();
            waiting.get().forEach(chunks::add);
            inFlight.restore(key, chunks);
            submit(chunks.get(0));
        }
    }

    @Override
    public void processElement(StreamRecord<ChunkRow> element) throws Exception {
        ChunkRow chunk = element.getValue();
        chunksIn.inc();
        if (done.value() != null) {
            chunksDeduplicated.inc();
            emit(chunk);
        } else if (inFlight.add(chunk)) {
            chunksDeduplicated.inc();
        } else {
            submit(chunk);
        }
        while (inFlight.size() >= capacity) {
            mailbox.yield();
        }
    }

    private void submit(ChunkRow chunk) {
        String key = chunk.embeddingKey();
        Embedder open = embedder;
        if (open == null) {
            throw new IllegalStateException("Cannot embed: the operator is not open. This is a bug; please report it.");
        }
        var unused = open.embed(chunk.input()).whenComplete((vector, failure) -> {
            try {
                mailbox.execute(
                        () -> {
                            finish(key, vector, failure);
                            open.taken();
                        },
                        "embedding of %s",
                        key);
            } catch (RejectedExecutionException e) {
                LOG.debug("The task ended before the embedding of {} arrived; a restored task asks again.", key);
            }
        });
    }

    private void finish(String key, float @Nullable [] vector, @Nullable Throwable failure) throws Exception {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause != null && !(cause instanceof RejectedTextException)) {
            throw new IllegalStateException(
                    "Cannot embed text " + key + ": " + cause.getMessage()
                            + ". The job restarts from its last checkpoint and asks again.",
                    cause);
        }
        setCurrentKey(key);
        List<ChunkRow> chunks = inFlight.take(key);
        if (inFlight.forgetStored(key)) {
            waiting.clear();
        }
        if (cause != null || vector == null) {
            chunksRejected.inc(chunks.size());
            String reason =
                    cause == null || cause.getMessage() == null ? "The model gave no vector." : cause.getMessage();
            chunks.forEach(chunk -> acknowledge(chunk, reason));
            return;
        }
        done.update(Boolean.TRUE);
        textsEmbedded.inc();
        output.collect(new StreamRecord<>(
                TableRow.of(new EmbeddingRow(key, vector, chunks.get(0).tokens()))));
        chunks.forEach(this::emit);
    }

    private void emit(ChunkRow chunk) {
        output.collect(new StreamRecord<>(TableRow.of(chunk)));
        acknowledge(chunk, null);
    }

    private void acknowledge(ChunkRow chunk, @Nullable String rejection) {
        output.collect(
                EmbedOperatorFactory.RESULTS,
                new StreamRecord<>(new ChunkResult(chunk.documentId(), chunk.edition(), chunk.position(), rejection)));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        for (String key : inFlight.takeChanged()) {
            setCurrentKey(key);
            waiting.update(inFlight.chunksOf(key));
        }
        tallies.snapshot();
        super.snapshotState(context);
    }

    @Override
    public void endInput() throws Exception {
        while (inFlight.size() > 0) {
            mailbox.yield();
        }
    }

    @Override
    public void close() throws Exception {
        Embedder open = embedder;
        embedder = null;
        if (open != null) {
            lease.close(open);
        }
        super.close();
    }
}
