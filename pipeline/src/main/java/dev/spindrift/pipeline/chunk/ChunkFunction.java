package dev.spindrift.pipeline.chunk;

import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.RejectedRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.tally.Tallies;
import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.chunk.Chunk;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the newest version of each document, keyed by document id, into chunks.
 *
 * <p>A version is let through if its (version, sequence) is greater than that of the newest one let through before,
 * and it is not that same version and content once more. Everything else is superseded: counted and gone.
 *
 * <p>An edition is named by the record's version and sequence, its content and how it was cut. The sequence is part of
 * it so that two records are never the same edition: if a document of one version goes from A to B and back to A, the
 * second A must not be completed by chunks of the first, which B's commit deletes.
 */
@SuppressWarnings("NullAway.Init") // Flink's life cycle: initializeState, then open
public final class ChunkFunction extends KeyedProcessFunction<String, Document, ChunkRow>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final String STAGE = "chunk";

    /** One header per edition let through: what its row in DOCUMENTS will be once its chunks are done. */
    public static final OutputTag<DocumentRow> HEADERS =
            new OutputTag<>("headers", TypeInformation.of(DocumentRow.class));

    /** The rows of documents that cannot be cut. */
    public static final OutputTag<TableRow> REJECTED = new OutputTag<>("rejected", TypeInformation.of(TableRow.class));

    private final Cutter cutter;

    private transient ValueState<Newest> newest;
    private transient Tallies tallies;
    private transient Counter documentsSuperseded;
    private transient Counter documentsRejected;
    private transient Counter chunksOut;
    private transient volatile long cutNanos;

    public ChunkFunction(Cutter cutter) {
        this.cutter = cutter;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        tallies = new Tallies(getRuntimeContext().getMetricGroup(), context.getOperatorStateStore());
        documentsSuperseded = tallies.counter("documentsSuperseded");
        documentsRejected = tallies.counter("documentsRejected");
        chunksOut = tallies.counter("chunksOut");
        getRuntimeContext().getMetricGroup().gauge("cutMillis", () -> cutNanos / 1_000_000);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the task's thread alone, read by the metrics'
    private List<Chunk> cut(Document document) {
        long begin = System.nanoTime();
        try {
            return cutter.cut(document.text(), document.mediaType());
        } finally {
            cutNanos += System.nanoTime() - begin;
        }
    }

    @Override
    public void open(OpenContext context) {
        newest = getRuntimeContext().getState(new ValueStateDescriptor<>("newest", TypeInformation.of(Newest.class)));
    }

    @Override
    public void processElement(Document document, Context context, Collector<ChunkRow> out) throws Exception {
        Newest before = newest.value();
        long version = Newest.versionOf(document, before);
        String contentHash = contentHash(document);
        String content = Fingerprint.of(contentHash, cutter.fingerprint());
        if (before != null && !before.yieldsTo(version, document.sequence(), content)) {
            documentsSuperseded.inc();
            return;
        }
        List<Chunk> chunks;
        try {
            chunks = document.deleted() ? List.of() : cut(document);
        } catch (IllegalArgumentException e) {
            documentsRejected.inc();
            context.output(REJECTED, TableRow.of(rejection(document, version, e)));
            return;
        }
        boolean ownVersion = (document.deleted() && before != null) ? before.ownVersion() : document.ownVersion();
        newest.update(new Newest(version, document.sequence(), content, ownVersion));
        String edition = Fingerprint.of(Long.toString(version), Long.toString(document.sequence()), content);
        chunksOut.inc(chunks.size());
        context.output(HEADERS, header(document, version, edition, chunks, contentHash));
        for (Chunk chunk : chunks) {
            out.collect(row(document, version, edition, chunk));
        }
    }

    private static String contentHash(Document document) {
        return Fingerprint.of(
                document.deleted() ? "deleted" : "live",
                document.text(),
                document.mediaType(),
                orMissing(document.uri()),
                orMissing(document.metadata()));
    }

    /** Tells an absent value from an empty one. */
    private static String orMissing(@Nullable String value) {
        return value == null ? "-" : "+" + value;
    }

    private DocumentRow header(
            Document document, long version, String edition, List<Chunk> chunks, String contentHash) {
        return new DocumentRow(
                document.id(),
                version,
                document.sequence(),
                edition,
                document.deleted(),
                chunks.size(),
                chunks.stream().mapToLong(Chunk::tokens).sum(),
                document.mediaType(),
                document.uri(),
                document.metadata(),
                contentHash,
                cutter.fingerprint(),
                document.source());
    }

    private static ChunkRow row(Document document, long version, String edition, Chunk chunk) {
        return new ChunkRow(
                document.id(),
                version,
                document.sequence(),
                edition,
                chunk.position(),
                chunk.text(),
                chunk.start(),
                chunk.end(),
                chunk.heading(),
                chunk.tokens(),
                Fingerprint.of(chunk.text()),
                chunk.input().ids());
    }

    private static RejectedRow rejection(Document document, long version, IllegalArgumentException why) {
        return new RejectedRow(
                document.id(),
                version,
                null,
                null,
                STAGE,
                Objects.requireNonNullElse(why.getMessage(), why.toString()),
                null,
                0,
                document.source());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        tallies.snapshot();
    }
}
