package dev.spindrift.local.warehouse.engine;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a result. DuckDB has computed them all before the first: its JDBC driver can also stream, but then
 * loses the text of every error (2.0.0.1), and the text is all there is to tell errors apart.
 */
final class DuckDbCursor implements StatementResult.RowCursor {
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final List<Column> columns;
    private final Function<SQLException, SqlFailure> failures;
    private boolean closed;

    DuckDbCursor(
            PreparedStatement statement,
            ResultSet rows,
            List<Column> columns,
            Function<SQLException, SqlFailure> failures) {
        this.statement = statement;
        this.rows = rows;
        this.columns = columns;
        this.failures = failures;
    }

    @Override
    public synchronized @Nullable Object @Nullable [] next() {
        if (closed) {
            return null;
        }
        try {
            if (!rows.next()) {
                close();
                return null;
            }
            Object[] cells = new Object[columns.size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cell(i + 1, columns.get(i).type());
            }
            return cells;
        } catch (SQLException e) {
            try {
                close();
            } catch (SqlFailure secondary) {
                // DuckDB fails to close a result that failed, too, and says nothing new by it.
                e.addSuppressed(secondary);
            }
            throw failures.apply(e);
        }
    }

    private @Nullable Object cell(int index, ColumnType type) throws SQLException {
        if (type.kind() == ColumnType.Kind.TIMESTAMP_NTZ) {
            return rows.getObject(index, LocalDateTime.class);
        }
        Object value = rows.getObject(index);
        if (value == null) {
            return null;
        }
        return switch (type.kind()) {
            case FIXED -> number(value);
            case REAL -> ((Number) value).doubleValue();
            case TEXT, VARIANT, OBJECT, ARRAY -> value.toString();
            case BOOLEAN -> (Boolean) value;
            case DATE -> value instanceof LocalDate date ? date : LocalDate.parse(value.toString());
            case TIME -> value instanceof LocalTime time ? time : LocalTime.parse(value.toString());
            case TIMESTAMP_LTZ -> ((OffsetDateTime) value).toInstant();
            case TIMESTAMP_TZ -> zoned(value.toString());
            case BINARY -> bytes((Blob) value);
            case VECTOR -> vector((Object[]) ((java.sql.Array) value).getArray(), type.integers());
            case TIMESTAMP_NTZ -> value;
        };
    }

    private static Object number(Object value) {
        if (value instanceof BigDecimal) {
            return value;
        }
        if (value instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        return value instanceof Double || value instanceof Float
                ? new BigDecimal(value.toString())
                : (Object) ((Number) value).longValue();
    }

    /** Written by {@link Output} as the time in UTC, a blank and the offset in minutes. */
    private static OffsetDateTime zoned(String text) {
        int blank = text.lastIndexOf(' ');
        ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * Integer.parseInt(text.substring(blank + 1)));
        return LocalDateTime.parse(text.substring(0, blank))
                .atOffset(ZoneOffset.UTC)
                .withOffsetSameInstant(offset);
    }

    private static byte[] bytes(Blob blob) throws SQLException {
        return blob.getBytes(1, (int) blob.length());
    }

    private static Object vector(Object[] elements, boolean integers) {
        if (integers) {
            int[] values = new int[elements.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = ((Number) elements[i]).intValue();
            }
            return values;
        }
        float[] values = new float[elements.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((Number) elements[i]).floatValue();
        }
        return values;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            rows.close();
            statement.close();
        } catch (SQLException e) {
            throw failures.apply(e);
        }
    }
}
