package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.data.TableRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;

/**
 * A local Parquet file that is being written: zstd, vectors as standard three-level lists.
 *
 * <p>This is parquet-java without Hadoop: a plain configuration, a local file and a codec of our own, so that none of
 * the Hadoop classes in its signatures is ever loaded.
 */
final class ParquetFile implements Closeable {
    /** Bounds what one open file holds in memory. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private final StagedTable table;
    private final Path path;
    private final ParquetWriter<TableRow> writer;
    private long rows;

    ParquetFile(StagedTable table, Path path) throws IOException {
        this.table = table;
        this.path = path;
        this.writer = new Builder(table, new LocalOutputFile(path))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodec())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP_BYTES)
                // Rejected payloads may be 8 MiB each: look at the memory after every few rows, not every hundred.
                .withMinRowCountForPageSizeCheck(1)
                .withMaxRowCountForPageSizeCheck(1000)
                // Numbers of a vector hardly repeat.
                .withDictionaryEncoding("embedding.list.element", false)
                .build();
    }

    void write(TableRow row) throws IOException {
        writer.write(row);
        rows++;
    }

    StagedTable table() {
        return table;
    }

    Path path() {
        return path;
    }

    long rows() {
        return rows;
    }

    /** About how large the file would be if it were closed now. */
    long size() {
        return writer.getDataSize();
    }

    /** Writes what is still in memory, and the footer. */
    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<TableRow, Builder> {
        private final StagedTable table;

        Builder(StagedTable table, OutputFile file) {
            super(file);
            this.table = table;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // parquet-java wants it said, and never calls it with a plain configuration
        protected WriteSupport<TableRow> getWriteSupport(Configuration hadoop) {
            return new RowFormat(table);
        }

        @Override
        protected WriteSupport<TableRow> getWriteSupport(ParquetConfiguration configuration) {
            return new RowFormat(table);
        }
    }
}
