package dev.spindrift.pipeline.sink;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** How staged files stand in checkpoints. Savepoints outlive releases: a new form takes a new version. */
final class StagedFileSerializer implements SimpleVersionedSerializer<StagedFile> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(StagedFile file) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(128);
        out.writeUTF(file.table().name());
        out.writeUTF(file.name());
        out.writeLong(file.rows());
        out.writeLong(file.bytes());
        out.writeLong(file.checkpointId());
        return out.getCopyOfBuffer();
    }

    @Override
    public StagedFile deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("Cannot read a staged file of version " + version + ": this release knows version "
                    + VERSION + ". Restore with the release that wrote the savepoint, or a newer one.");
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        return new StagedFile(
                StagedTable.valueOf(in.readUTF()), in.readUTF(), in.readLong(), in.readLong(), in.readLong());
    }
}
