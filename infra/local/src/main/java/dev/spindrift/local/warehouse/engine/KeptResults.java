package dev.spindrift.local.warehouse.engine;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of recent statements, for RESULT_SCAN: of the last {@value #MOST_RESULTS} those that have at most {@value
 * #MOST_ROWS} rows. In Snowflake they live for a day and have no such limits.
 */
final class KeptResults {
    private static final int MOST_RESULTS = 100;
    private static final int MOST_ROWS = 10_000;

    private record Kept(List<Column> columns, List<@Nullable Object[]> rows) {}

    private final Map<String, Kept> results = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > MOST_RESULTS;
        }
    };

    /** The same rows, which are kept when the last of them has been read. */
    StatementResult.RowCursor keeping(String queryId, List<Column> columns, StatementResult.RowCursor cursor) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        return new StatementResult.RowCursor() {
            private boolean tooMany;

            @Override
            public @Nullable Object @Nullable [] next() {
                @Nullable Object[] row = cursor.next();
                if (row == null && !tooMany) {
                    keep(queryId, new Kept(columns, rows));
                } else if (row != null && rows.size() < MOST_ROWS) {
                    rows.add(row);
                } else {
                    tooMany = true;
                    rows.clear();
                }
                return row;
            }

            @Override
            public void close() {
                cursor.close();
            }
        };
    }

    private synchronized void keep(String queryId, Kept kept) {
        results.put(queryId, kept);
    }

    synchronized Bound scan(String queryId) {
        Kept kept = results.get(queryId);
        if (kept == null) {
            throw new SqlFailure(
                    "000710",
                    "02000",
                    "Statement " + queryId + " not found, or its result is too large for the local warehouse to keep.");
        }
        return rows(kept.columns(), kept.rows());
    }

    /** Rows as a relation. */
    static Bound rows(List<Column> columns, List<@Nullable Object[]> rows) {
        List<String> names = new ArrayList<>();
        List<String> nulls = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            ColumnType type = columns.get(i).type();
            names.add("c" + i);
            nulls.add("CAST(NULL AS " + Types.physical(type) + ") AS c" + i);
            fields.add(new Field(
                    columns.get(i).name(),
                    new Typed("c" + i, type, columns.get(i).nullable())));
        }
        if (rows.isEmpty()) {
            return new Bound("SELECT " + String.join(", ", nulls) + " WHERE false", fields);
        }
        List<String> texts = new ArrayList<>();
        for (Object[] row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                cells.add(literal(row[i], columns.get(i).type()));
            }
            texts.add("(" + String.join(", ", cells) + ")");
        }
        return new Bound(
                "SELECT * FROM (VALUES " + String.join(", ", texts) + ") AS v(" + String.join(", ", names) + ")",
                fields);
    }

    private static String literal(@Nullable Object value, ColumnType type) {
        String physical = Types.physical(type);
        if (value == null) {
            return "CAST(NULL AS " + physical + ")";
        }
        return switch (type.kind()) {
            case FIXED -> "CAST(" + new BigDecimal(value.toString()).toPlainString() + " AS " + physical + ")";
            case REAL, DATE, TIME, TIMESTAMP_NTZ, TIMESTAMP_LTZ ->
                "CAST(" + Sql.string(value.toString()) + " AS " + physical + ")";
            case TEXT -> Sql.string(value.toString());
            case BOOLEAN -> value.toString();
            case VARIANT, OBJECT -> "CAST(" + Sql.string(value.toString()) + " AS JSON)";
            case ARRAY -> "{'n': CAST(NULL AS DOUBLE[]), 'j': CAST(" + Sql.string(value.toString()) + " AS JSON)}";
            case VECTOR ->
                "CAST("
                        + (value instanceof float[] f
                                ? java.util.Arrays.toString(f)
                                : java.util.Arrays.toString((int[]) value))
                        + " AS " + physical + ")";
            case BINARY -> "unhex('" + java.util.HexFormat.of().formatHex((byte[]) value) + "')";
            case TIMESTAMP_TZ -> {
                OffsetDateTime time = (OffsetDateTime) value;
                yield "{'utc': TIMESTAMP '"
                        + time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime() + "', 'minutes': "
                        + time.getOffset().getTotalSeconds() / 60 + "}";
            }
        };
    }
}
