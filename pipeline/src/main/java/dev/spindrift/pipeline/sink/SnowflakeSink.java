package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.warehouse.GoldenVectors;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.OtherVectorsException;
import dev.spindrift.pipeline.warehouse.Session;
import dev.spindrift.pipeline.warehouse.Warehouse;
import dev.spindrift.pipeline.warehouse.WarehouseSettings;
import dev.spindrift.udf.model.ModelInfo;
import java.io.IOException;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.clock.SystemClock;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * Writes rows into the tables exactly once: writers put files on the stage, and one committer brings the files of each
 * completed checkpoint into the tables in one transaction, as {@link CommitTransaction} tells. A job gives it a uid, which
 * Flink asks for beside the one in here.
 */
public final class SnowflakeSink
        implements Sink<TableRow>, SupportsCommitter<StagedFile>, SupportsPreCommitTopology<StagedFile, StagedFile> {

    private final SinkSettings settings;
    private final WarehouseSettings warehouse;
    private final ModelTable model;
    private final SerializableSupplier<GoldenVectors> golden;

    /**
     * @param golden gives what the model makes of the golden texts where it is called, which is on a TaskManager, when
     *     the job starts
     */
    public SnowflakeSink(
            SinkSettings settings,
            WarehouseSettings warehouse,
            ModelInfo model,
            SerializableSupplier<GoldenVectors> golden) {
        this.settings = settings;
        this.warehouse = warehouse;
        this.model = ModelTable.of(model);
        this.golden = golden;
    }

    @Override
    public CommittingSinkWriter<TableRow, StagedFile> createWriter(WriterInitContext context) throws IOException {
        return new StagedFileWriter(settings, session(), context.metricGroup());
    }

    /** All files of a checkpoint go to one committer, which learns here which checkpoint that is. */
    @Override
    public DataStream<CommittableMessage<StagedFile>> addPreCommitTopology(
            DataStream<CommittableMessage<StagedFile>> committables) {
        return committables
                .map(SnowflakeSink::withCheckpoint)
                .returns(CommittableMessageTypeInfo.of(StagedFileSerializer::new))
                .name("staged files")
                .uid("spindrift-staged-files")
                .global();
    }

    private static CommittableMessage<StagedFile> withCheckpoint(CommittableMessage<StagedFile> message) {
        return message instanceof CommittableWithLineage<StagedFile> file
                ? file.map(f -> f.inCheckpoint(file.getCheckpointId()))
                : message;
    }

    @Override
    public Committer<StagedFile> createCommitter(CommitterInitContext context) throws IOException {
        Session session = session();
        StagedFileCommitter committer = new StagedFileCommitter(
                settings,
                model,
                golden,
                session,
                new CommitMetrics(context.metricGroup(), session::retries),
                SystemClock.getInstance(),
                context.getRestoredCheckpointId());
        if (context.getTaskInfo().getIndexOfThisSubtask() == 0) {
            try {
                committer.prepare();
            } catch (OtherVectorsException e) {
                // The next attempt would find the same.
                throw new SuppressRestartsException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Cannot start the committer: its task was cancelled.", e);
            }
        }
        return committer;
    }

    private Session session() {
        return new Session(
                new Warehouse(warehouse, settings.job()),
                settings.commitTimeout(),
                SystemClock.getInstance(),
                time -> Thread.sleep(time.toMillis()));
    }

    @Override
    public SimpleVersionedSerializer<StagedFile> getCommittableSerializer() {
        return new StagedFileSerializer();
    }

    @Override
    public SimpleVersionedSerializer<StagedFile> getWriteResultSerializer() {
        return new StagedFileSerializer();
    }
}
