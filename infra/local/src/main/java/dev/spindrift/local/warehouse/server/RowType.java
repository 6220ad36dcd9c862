package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spindrift.local.warehouse.engine.Column;
import dev.spindrift.local.warehouse.engine.ColumnType;
import java.util.List;
import java.util.Locale;

/** The columns of a result as the wire names them. */
final class RowType {
    private static final int LONGEST_TEXT = 16_777_216;
    private static final int LONGEST_BINARY = 8_388_608;

    private RowType() {}

    static ArrayNode describe(List<Column> columns) {
        ArrayNode rowtype = Json.MAPPER.createArrayNode();
        for (Column column : columns) {
            ObjectNode entry = rowtype.addObject();
            entry.put("name", column.name());
            entry.put("database", "").put("schema", "").put("table", "");
            entry.put("nullable", column.nullable());
            entry.putNull("collation");
            describe(column.type(), entry);
        }
        return rowtype;
    }

    private static void describe(ColumnType type, ObjectNode entry) {
        entry.put("type", type.kind().name().toLowerCase(Locale.ROOT));
        entry.putNull("precision").putNull("scale").putNull("length").putNull("byteLength");
        switch (type.kind()) {
            case FIXED -> entry.put("precision", type.precision()).put("scale", type.scale());
            case TEXT -> {
                int length = type.length() > 0 ? type.length() : LONGEST_TEXT;
                entry.put("length", length).put("byteLength", Math.min(4L * length, LONGEST_TEXT));
            }
            case BINARY -> {
                int length = type.length() > 0 ? type.length() : LONGEST_BINARY;
                entry.put("length", length).put("byteLength", length);
            }
            case TIME, TIMESTAMP_NTZ, TIMESTAMP_LTZ, TIMESTAMP_TZ ->
                entry.put("precision", 0).put("scale", type.scale());
            case VECTOR -> {
                entry.put("vectorDimension", type.length());
                ObjectNode element = entry.putArray("fields").addObject();
                element.put("name", "element")
                        .put("type", type.integers() ? "fixed" : "real")
                        .put("nullable", false)
                        .put("precision", type.integers() ? 38 : 0)
                        .put("scale", 0)
                        .put("length", 0);
                element.putNull("byteLength").putNull("collation");
            }
            default -> {
                // REAL, BOOLEAN, DATE, VARIANT, OBJECT and ARRAY need no more than their name.
            }
        }
    }
}
