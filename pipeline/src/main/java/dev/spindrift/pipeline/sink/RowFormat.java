package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.data.TableRow;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.jspecify.annotations.Nullable;

/** How a row of one table is told to Parquet. */
final class RowFormat extends WriteSupport<TableRow> {
    private final StagedTable table;
    private final List<StagedColumn> columns;
    private @Nullable RecordConsumer consumer;

    RowFormat(StagedTable table) {
        this.table = table;
        this.columns = table.columns();
    }

    @Override
    @SuppressWarnings("deprecation") // parquet-java wants it said, and never calls it with a plain configuration
    public WriteContext init(Configuration hadoop) {
        return context();
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return context();
    }

    private WriteContext context() {
        return new WriteContext(table.schema(), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = recordConsumer;
    }

    @Override
    public void write(TableRow row) {
        RecordConsumer out = Objects.requireNonNull(consumer, "prepareForWrite comes first");
        @Nullable Object[] values = table.values(row);
        out.startMessage();
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value != null) {
                String name = columns.get(i).fieldName();
                out.startField(name, i);
                write(out, columns.get(i).kind(), value);
                out.endField(name, i);
            }
        }
        out.endMessage();
    }

    private static void write(RecordConsumer out, StagedColumn.Kind kind, Object value) {
        switch (kind) {
            case TEXT -> out.addBinary(Binary.fromString((String) value));
            case LONG -> out.addLong((Long) value);
            case INT -> out.addInteger((Integer) value);
            case BOOLEAN -> out.addBoolean((Boolean) value);
            case FLOATS -> writeList(out, (float[]) value);
        }
    }

    private static void writeList(RecordConsumer out, float[] values) {
        out.startGroup();
        if (values.length > 0) {
            out.startField("list", 0);
            for (float value : values) {
                out.startGroup();
                out.startField("element", 0);
                out.addFloat(value);
                out.endField("element", 0);
                out.endGroup();
            }
            out.endField("list", 0);
        }
        out.endGroup();
    }
}
