package dev.spindrift.pipeline.embed;

import dev.spindrift.pipeline.data.ChunkResult;
import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.TableRow;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.OutputTag;

/** Makes the operator that embeds each distinct text once; its input has to be keyed by embedding key. */
public final class EmbedOperatorFactory extends AbstractStreamOperatorFactory<TableRow>
        implements OneInputStreamOperatorFactory<ChunkRow, TableRow> {
    private static final long serialVersionUID = 1L;

    /** One result per chunk, each after the chunk's row and its vector. */
    public static final OutputTag<ChunkResult> RESULTS =
            new OutputTag<>("results", TypeInformation.of(ChunkResult.class));

    private final String modelFingerprint;
    private final int capacity;
    private final EmbedderLease lease;

    /**
     * @param modelFingerprint of the model that {@code lease} gives; state of another model's vectors is not used
     * @param capacity most chunks in flight per subtask
     */
    public EmbedOperatorFactory(String modelFingerprint, int capacity, EmbedderLease lease) {
        this.modelFingerprint = modelFingerprint;
        this.capacity = capacity;
        this.lease = lease;
    }

    @Override
    // Flink's signature; the operator is a StreamOperator<TableRow>, which is all that it asks T to be.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<TableRow>> T createStreamOperator(StreamOperatorParameters<TableRow> parameters) {
        return (T) new EmbedOperator(parameters, modelFingerprint, capacity, lease);
    }

    @Override
    @SuppressWarnings("rawtypes") // Flink's signature
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return EmbedOperator.class;
    }
}
