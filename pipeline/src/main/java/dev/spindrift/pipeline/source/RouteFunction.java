package dev.spindrift.pipeline.source;

import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.tally.Tallies;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Parts documents from rejections, and counts both. */
public final class RouteFunction extends ProcessFunction<SourceOutput, Document> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    /** The rows of records that are not documents. */
    public static final OutputTag<TableRow> REJECTED = new OutputTag<>("rejected", TypeInformation.of(TableRow.class));

    @SuppressWarnings("NullAway.Init") // by initializeState
    private transient Tallies tallies;

    @SuppressWarnings("NullAway.Init")
    private transient Counter documentsIn;

    @SuppressWarnings("NullAway.Init")
    private transient Counter documentsRejected;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        tallies = new Tallies(getRuntimeContext().getMetricGroup(), context.getOperatorStateStore());
        documentsIn = tallies.counter("documentsIn");
        documentsRejected = tallies.counter("documentsRejected");
    }

    @Override
    public void processElement(SourceOutput value, Context context, Collector<Document> out) {
        documentsIn.inc();
        Document document = value.document();
        if (document != null) {
            out.collect(document);
        } else {
            documentsRejected.inc();
            context.output(REJECTED, TableRow.of(Objects.requireNonNull(value.rejected())));
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        tallies.snapshot();
    }
}
