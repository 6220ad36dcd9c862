package dev.spindrift.pipeline.assemble;

import dev.spindrift.pipeline.data.ChunkResult;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.RejectedRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.tally.Tallies;
import java.util.BitSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts documents back together by counting: an edition's row leaves when each of its chunks has been answered.
 *
 * <p>An edition's header and the results of its chunks come on two inputs and in any order; several editions of one
 * document may be under way at once. Each edition that chunk let through ends here as exactly one of
 *
 * <ul>
 *   <li>its document row, if all chunks were embedded and no newer edition ended before it;
 *   <li>nothing but a count, if a newer edition's row has left already;
 *   <li>a rejection, if a chunk was rejected: the edition before it stays current.
 * </ul>
 *
 * Every chunk is answered exactly once (chunk and embed see to that), so an edition's state is always cleared in the
 * end, and nothing about it arrives later. Positions are told apart all the same: an answer that came twice must not
 * stand for one that is missing.
 *
 * <p>Answered positions are bits, in pages: a document of a hundred thousand chunks costs a short page per answer
 * instead of its whole bitmap.
 */
@SuppressWarnings("NullAway.Init") // Flink's life cycle: initializeState, then open
public final class AssembleFunction extends KeyedCoProcessFunction<String, DocumentRow, ChunkResult, TableRow>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final String STAGE = "embed";
    private static final int PAGE_BITS = 2048;

    private transient ValueState<NewestRow> newest;
    private transient MapState<String, DocumentRow> headers;
    private transient MapState<String, Progress> progress;
    private transient MapState<String, byte[]> answeredPages;

    private transient Tallies tallies;
    private transient Counter documentsCompleted;
    private transient Counter documentsRejected;
    private transient Counter documentsSuperseded;
    private transient Counter documentsInFlight;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        tallies = new Tallies(getRuntimeContext().getMetricGroup(), context.getOperatorStateStore());
        documentsCompleted = tallies.counter("documentsCompleted");
        documentsRejected = tallies.counter("documentsRejected");
        documentsSuperseded = tallies.counter("documentsSuperseded");
        documentsInFlight = tallies.counter("documentsInFlight");
    }

    @Override
    public void open(OpenContext context) {
        newest = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("newest-row", TypeInformation.of(NewestRow.class)));
        headers = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("headers", Types.STRING, TypeInformation.of(DocumentRow.class)));
        progress = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("progress", Types.STRING, TypeInformation.of(Progress.class)));
        answeredPages = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "answered", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    @Override
    public void processElement1(DocumentRow header, Context context, Collector<TableRow> out) throws Exception {
        documentsInFlight.inc();
        Progress before = progress.get(header.edition());
        Progress known = (before == null ? Progress.NONE : before).expecting(header.chunks());
        if (known.complete()) {
            finish(header, known, out);
        } else {
            headers.put(header.edition(), header);
            progress.put(header.edition(), known);
        }
    }

    @Override
    public void processElement2(ChunkResult result, Context context, Collector<TableRow> out) throws Exception {
        if (!markAnswered(result.edition(), result.position())) {
            return;
        }
        Progress before = progress.get(result.edition());
        Progress now = (before == null ? Progress.NONE : before).answered(result);
        if (now.complete()) {
            finish(headers.get(result.edition()), now, out);
        } else {
            progress.put(result.edition(), now);
        }
    }

    /** Sets the position's bit; false if it was set. */
    private boolean markAnswered(String edition, int position) throws Exception {
        String page = page(edition, position);
        byte[] bytes = answeredPages.get(page);
        BitSet bits = bytes == null ? new BitSet() : BitSet.valueOf(bytes);
        int bit = position % PAGE_BITS;
        if (bits.get(bit)) {
            return false;
        }
        bits.set(bit);
        answeredPages.put(page, bits.toByteArray());
        return true;
    }

    private static String page(String edition, int position) {
        return edition + "/" + position / PAGE_BITS;
    }

    private void finish(DocumentRow header, Progress end, Collector<TableRow> out) throws Exception {
        documentsInFlight.dec();
        progress.remove(header.edition());
        headers.remove(header.edition());
        for (int position = 0; position < header.chunks(); position += PAGE_BITS) {
            answeredPages.remove(page(header.edition(), position));
        }
        NewestRow current = newest.value();
        if (end.rejectedPosition() != null) {
            documentsRejected.inc();
            out.collect(TableRow.of(rejection(header, end)));
        } else if (current != null && !header.isNewerThan(current.version(), current.sequence())) {
            documentsSuperseded.inc();
        } else {
            documentsCompleted.inc();
            newest.update(new NewestRow(header.version(), header.sequence()));
            out.collect(TableRow.of(header));
        }
    }

    private static RejectedRow rejection(DocumentRow header, Progress end) {
        return new RejectedRow(
                header.documentId(),
                header.version(),
                header.edition(),
                end.rejectedPosition(),
                STAGE,
                end.reason(),
                null,
                0,
                header.source());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        tallies.snapshot();
    }
}
