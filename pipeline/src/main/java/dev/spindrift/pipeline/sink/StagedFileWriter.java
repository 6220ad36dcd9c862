package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.warehouse.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;

/**
 * Writes rows into one Parquet file per table, and uploads the files when they are large enough or a checkpoint asks
 * for them. Nothing of a checkpoint stays behind in it, so it has no state of its own.
 */
final class StagedFileWriter implements CommittingSinkWriter<TableRow, StagedFile> {
    private final SinkSettings settings;
    private final Session session;
    private final Stage stage;
    private final TempFolder folder;
    private final SinkWriterMetricGroup metrics;
    private final Map<StagedTable, ParquetFile> open = new EnumMap<>(StagedTable.class);
    private final List<StagedFile> uploaded = new ArrayList<>();

    StagedFileWriter(SinkSettings settings, Session session, SinkWriterMetricGroup metrics) throws IOException {
        this.settings = settings;
        this.session = session;
        this.stage = new Stage(settings);
        this.metrics = metrics;
        this.folder = TempFolder.create(Path.of(settings.tempDir()), settings.job());
    }

    @Override
    public void write(TableRow row, Context context) throws IOException, InterruptedException {
        StagedTable table = StagedTable.of(row);
        ParquetFile file = open.get(table);
        if (file == null) {
            file = new ParquetFile(table, folder.newFile());
            open.put(table, file);
        }
        file.write(row);
        metrics.getNumRecordsSendCounter().inc();
        if (file.size() >= settings.fileBytes()) {
            open.remove(table);
            upload(file);
        }
    }

    /** Nothing to do: a checkpoint's rows leave with {@link #prepareCommit}. */
    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public Collection<StagedFile> prepareCommit() throws IOException, InterruptedException {
        for (ParquetFile file : open.values()) {
            upload(file);
        }
        open.clear();
        List<StagedFile> committables = List.copyOf(uploaded);
        uploaded.clear();
        return committables;
    }

    private void upload(ParquetFile file) throws IOException, InterruptedException {
        file.close();
        Path path = file.path();
        long bytes = Files.size(path);
        try {
            session.run("upload " + path, connection -> {
                stage.put(connection, path, bytes);
                return bytes;
            });
        } catch (SQLException e) {
            throw new IOException(
                    "Cannot upload a file of " + file.rows() + " rows to stage " + settings.stage() + ": "
                            + e.getMessage() + " The job restarts and writes its rows again.",
                    e);
        }
        Files.delete(path);
        metrics.getNumBytesSendCounter().inc(bytes);
        uploaded.add(
                new StagedFile(file.table(), stage.nameOf(path), file.rows(), bytes, StagedFile.UNKNOWN_CHECKPOINT));
    }

    @Override
    public void close() throws IOException {
        session.close();
        for (ParquetFile file : open.values()) {
            file.close();
        }
        open.clear();
        folder.close();
    }
}
