package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.spindrift.local.warehouse.engine.Column;
import dev.spindrift.local.warehouse.engine.StatementResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into a JSON result: the first of them stand in the reply, the others go to files of a few megabytes. A
 * reply names every file with its exact size, so all rows are written before it leaves.
 */
final class ResultWriter implements AutoCloseable {
    private static final int INLINE_BYTES = 96 << 10;
    private static final int CHUNK_BYTES = 4 << 20;

    private final ResultFiles files;
    private final String session;
    private final String address;
    private final List<Column> columns;
    private final ByteArrayOutputStream inline = new ByteArrayOutputStream();
    private final ByteArrayOutputStream row = new ByteArrayOutputStream();
    private final ArrayNode chunks = Json.MAPPER.createArrayNode();
    private ResultFiles.@Nullable Spool spool;
    private @Nullable OutputStream chunk;
    private long inlineRows;
    private long total;
    private int chunkRows;
    private int chunkBytes;

    /**
     * A result of no rows yet.
     *
     * @param address of this server as the client knows it, such as {@code http://127.0.0.1:8080}
     */
    ResultWriter(ResultFiles files, String session, String address, List<Column> columns) {
        this.files = files;
        this.session = session;
        this.address = address;
        this.columns = columns;
    }

    void write(StatementResult.RowCursor rows) throws IOException {
        for (Object[] cells = rows.next(); cells != null; cells = rows.next()) {
            encode(cells);
            total++;
            if (spool == null && (inlineRows == 0 || inline.size() + row.size() < INLINE_BYTES)) {
                if (inlineRows++ > 0) {
                    inline.write(',');
                }
                row.writeTo(inline);
            } else {
                writeToChunk();
            }
        }
        endChunk();
    }

    /** Puts the rows into a reply's data. */
    void describe(ObjectNode data) {
        data.set("rowtype", RowType.describe(columns));
        data.putRawValue("rowset", new RawValue("[" + inline.toString(StandardCharsets.UTF_8) + "]"));
        data.put("total", total);
        data.put("returned", total);
        if (!chunks.isEmpty()) {
            data.set("chunks", chunks);
            data.putObject("chunkHeaders");
            data.putNull("qrmk");
        }
    }

    /** Ends a file that a failure left open. What was written stays until the session or its time ends. */
    @Override
    public void close() throws IOException {
        if (chunk != null) {
            chunk.close();
            chunk = null;
            if (spool != null) {
                files.drop(spool);
            }
        }
    }

    private void encode(@Nullable Object[] cells) throws IOException {
        row.reset();
        try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(row)) {
            json.writeStartArray();
            for (int i = 0; i < cells.length; i++) {
                Object cell = cells[i];
                if (cell == null) {
                    json.writeNull();
                } else {
                    json.writeString(CellText.of(columns.get(i).type(), cell));
                }
            }
            json.writeEndArray();
        }
    }

    private void writeToChunk() throws IOException {
        if (spool == null) {
            spool = files.create(session);
        }
        if (chunk != null && chunkBytes + row.size() > CHUNK_BYTES) {
            endChunk();
        }
        if (chunk == null) {
            chunk = new FastGzip(Files.newOutputStream(spool.file(chunks.size())));
        } else {
            chunk.write(',');
            chunkBytes++;
        }
        row.writeTo(chunk);
        chunkBytes += row.size();
        chunkRows++;
    }

    private void endChunk() throws IOException {
        if (chunk == null || spool == null) {
            return;
        }
        chunk.close();
        chunk = null;
        int number = chunks.size();
        chunks.addObject()
                .put("url", address + spool.url(number))
                .put("rowCount", chunkRows)
                .put("uncompressedSize", chunkBytes)
                .put("compressedSize", Files.size(spool.file(number)));
        chunkRows = 0;
        chunkBytes = 0;
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
