package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.data.EmbeddingRow;
import dev.spindrift.pipeline.data.RejectedRow;
import dev.spindrift.pipeline.data.TableRow;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads back with DuckDB, a reader that shares no code with the writer. */
class ParquetFileTest {
    @TempDir
    Path folder;

    @Test
    void writesVectorsAsListsOfFloats() throws Exception {
        float[] vector = {0.1f, -2.5f, 3e-7f};
        Path file = write(StagedTable.EMBEDDINGS, List.of(TableRow.of(new EmbeddingRow("k", vector, 7))));

        assertThat(query("SELECT embedding_key, embedding[1] = 0.1::FLOAT, embedding[3] = 3e-7::FLOAT, len(embedding),"
                        + " typeof(embedding), tokens FROM '" + file + "'"))
                .containsExactly("k|true|true|3|FLOAT[]|7");
    }

    @Test
    void writesEveryColumnOfADocument() throws Exception {
        Path file = write(
                StagedTable.DOCUMENTS,
                List.of(Rows.Edition.of("a'b\n\u00e4\ud83d\ude00", 5, 9, "x").document()));

        assertThat(query("SELECT document_id, version, sequence, deleted, chunks, uri, metadata, source FROM '" + file
                        + "'"))
                .containsExactly("a'b\n\u00e4\ud83d\ude00|5|9|false|1|null|{\"language\":\"en\"}|" + Rows.source(9));
    }

    @Test
    void compressesWithZstandard() throws Exception {
        Path file =
                write(StagedTable.CHUNKS, Rows.Edition.of("d", 1, 1, "a text").chunks());

        assertThat(query("SELECT DISTINCT compression FROM parquet_metadata('" + file + "')"))
                .containsExactly("ZSTD");
    }

    @Test
    void holdsLargePayloadsWithoutHoldingThemAllInMemory() throws Exception {
        List<TableRow> rows = new ArrayList<>();
        Random random = new Random(1);
        byte[] payload = new byte[2 << 20];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) ('0' + random.nextInt(64)); // text that hardly compresses
        }
        for (int i = 0; i < 20; i++) {
            rows.add(TableRow.of(new RejectedRow(
                    null, null, null, null, "source", "too large", payload, payload.length, Rows.source(i))));
        }
        Path file = write(StagedTable.REJECTED, rows);

        assertThat(query("SELECT COUNT(*), MIN(length(payload)), MAX(payload_encoding) FROM '" + file + "'"))
                .containsExactly("20|" + payload.length + "|utf-8");
        assertThat(query("SELECT COUNT(DISTINCT row_group_id) > 1 FROM parquet_metadata('" + file + "')"))
                .containsExactly("true");
    }

    @Test
    void needsNoHadoop() throws Exception {
        // The test's class path has Hadoop, which the compiler needs; the cluster's has not.
        URL[] withoutHadoop = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("hadoop-common"))
                .map(ParquetFileTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader cluster = new URLClassLoader(withoutHadoop, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> cluster.loadClass("org.apache.hadoop.conf.Configuration"))
                    .isInstanceOf(ClassNotFoundException.class);
            Object write = cluster.loadClass(WriteOneRow.class.getName())
                    .getConstructor(Path.class)
                    .newInstance(folder.resolve("one.parquet"));
            ((Runnable) write).run();
        }
        assertThat(query("SELECT len(embedding) FROM '" + folder.resolve("one.parquet") + "'"))
                .containsExactly("256");
    }

    /** Runs in a class loader of its own. */
    public static final class WriteOneRow implements Runnable {
        private final Path path;

        public WriteOneRow(Path path) {
            this.path = path;
        }

        @Override
        public void run() {
            try (ParquetFile file = new ParquetFile(StagedTable.EMBEDDINGS, path)) {
                file.write(Rows.vector("t"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(StagedTable table, List<TableRow> rows) throws IOException {
        Path path = folder.resolve("rows.parquet");
        try (ParquetFile file = new ParquetFile(table, path)) {
            for (TableRow row : rows) {
                file.write(row);
            }
        }
        assertThat(Files.size(path)).isPositive();
        return path;
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    cells.add(String.valueOf(result.getObject(i)));
                }
                rows.add(String.join("|", cells));
            }
        }
        return rows;
    }
}
