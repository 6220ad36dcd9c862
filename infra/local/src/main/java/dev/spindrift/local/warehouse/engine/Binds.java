package dev.spindrift.local.warehouse.engine;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values for {@code ?}, handed to DuckDB as text under numbers of their own ({@code $1}, ...), so that a value may be
 * used where the translation needs it, more than once or never.
 */
final class Binds {
    private static final long NANOS = 1_000_000_000L;

    private final List<Bind> binds;
    private final boolean describing;
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final List<Object[]> arguments = new ArrayList<>();
    private boolean inRows;

    /** @param describing whether values are unknown because the statement is only described */
    Binds(List<Bind> binds, boolean describing) {
        this.binds = binds;
        this.describing = describing;
    }

    /** Whether an array was bound, so that VALUES stands for as many rows. */
    boolean arrays() {
        return binds.stream().anyMatch(Bind::array);
    }

    int count() {
        return binds.size();
    }

    /**
     * Reads an array's values from here on as columns {@code b.p1}, ... of a relation that {@link #rows} gives; false
     * goes back to single values.
     */
    void inRows(boolean rows) {
        this.inRows = rows;
    }

    /** DuckDB text of a relation with one row per row of the arrays, to be named {@code b}. */
    String rows() {
        StringBuilder sql = new StringBuilder("(SELECT ");
        for (int i = 1; i <= binds.size(); i++) {
            String argument = "$" + number(i, true);
            sql.append(i > 1 ? ", " : "").append("unnest(CAST(" + argument + " AS VARCHAR[])) AS p" + i);
        }
        return sql.append(")").toString();
    }

    Typed value(int index) {
        if (describing) {
            return Typed.text("CAST(NULL AS VARCHAR)");
        }
        if (index > binds.size()) {
            throw new SqlFailure("002049", "42601", "SQL compilation error:\nBind variable " + index + " is not set.");
        }
        Bind bind = binds.get(index - 1);
        if (inRows) {
            return typed(bind, "b.p" + index);
        }
        if (bind.values().size() != 1) {
            throw Failures.unsupported("array bind here, only in INSERT ... VALUES and SELECT ... FROM VALUES");
        }
        return bind.values().get(0) == null ? Typed.NULL : typed(bind, "$" + number(index, false));
    }

    /** The value of a bind that must be a whole number, such as a LIMIT. */
    @Nullable
    String single(int index) {
        return describing ? "1" : binds.get(index - 1).values().get(0);
    }

    private int number(int index, boolean array) {
        Integer known = numbers.get(index);
        if (known != null) {
            return known;
        }
        Bind bind = binds.get(index - 1);
        List<Object> texts = new ArrayList<>();
        for (String value : array ? bind.values() : bind.values().subList(0, 1)) {
            texts.add(value == null ? null : duckText(bind.type(), value));
        }
        arguments.add(texts.toArray());
        arrayArguments.add(array);
        numbers.put(index, arguments.size());
        return arguments.size();
    }

    private final List<Boolean> arrayArguments = new ArrayList<>();

    void set(Connection connection, PreparedStatement statement) throws SQLException {
        for (int i = 0; i < arguments.size(); i++) {
            Object[] values = arguments.get(i);
            if (arrayArguments.get(i)) {
                statement.setObject(i + 1, connection.createArrayOf("VARCHAR", values));
            } else {
                statement.setString(i + 1, (String) values[0]);
            }
        }
    }

    private static Typed typed(Bind bind, String text) {
        return switch (bind.type()) {
            case "FIXED" -> {
                ColumnType type = Types.fixed(38, scale(bind));
                yield new Typed("CAST(" + text + " AS " + Types.physical(type) + ")", type);
            }
            case "REAL" -> Typed.real("CAST(" + text + " AS DOUBLE)");
            case "BOOLEAN" -> Typed.bool("CAST(" + text + " AS BOOLEAN)");
            case "DATE" -> new Typed("CAST(" + text + " AS DATE)", Types.DATE);
            case "TIME" -> new Typed("CAST(" + text + " AS TIME)", Types.TIME);
            case "TIMESTAMP", "TIMESTAMP_NTZ" -> new Typed("CAST(" + text + " AS TIMESTAMP)", Types.NTZ);
            case "TIMESTAMP_LTZ" -> new Typed("CAST(" + text + " AS TIMESTAMPTZ)", Types.LTZ);
            case "TIMESTAMP_TZ" -> Casts.cast(new Typed("CAST(" + text + " AS VARCHAR)", Types.TEXT), Types.TZ, false);
            case "BINARY" -> new Typed("unhex(" + text + ")", Types.BINARY);
            default -> Typed.text("CAST(" + text + " AS VARCHAR)");
        };
    }

    private static int scale(Bind bind) {
        int scale = 0;
        for (String value : bind.values()) {
            if (value != null && value.indexOf('.') >= 0) {
                scale = Math.max(scale, Math.min(18, new BigDecimal(value).scale()));
            }
        }
        return scale;
    }

    /** The driver's numbers for dates and times as text that DuckDB reads; text stays as it is. */
    private static String duckText(String type, String value) {
        boolean written = value.indexOf('-', 1) > 0 || value.indexOf(':') > 0;
        if (written) {
            return value;
        }
        return switch (type) {
            case "DATE" ->
                LocalDate.ofEpochDay(Math.floorDiv(Long.parseLong(value), 86_400_000L))
                        .toString();
            case "TIME" -> LocalTime.ofNanoOfDay(Long.parseLong(value)).toString();
            case "TIMESTAMP", "TIMESTAMP_NTZ" ->
                LocalDateTime.ofInstant(instant(value), ZoneOffset.UTC).toString();
            case "TIMESTAMP_LTZ" -> instant(value).toString();
            case "TIMESTAMP_TZ" -> {
                String[] parts = value.split(" ", 2);
                int minutes = parts.length < 2 ? 0 : Integer.parseInt(parts[1].trim()) - 1440;
                yield instant(parts[0])
                        .atOffset(ZoneOffset.ofTotalSeconds(minutes * 60))
                        .toString()
                        .replace("Z", "+00:00");
            }
            default -> value;
        };
    }

    private static Instant instant(String nanos) {
        BigDecimal value = new BigDecimal(nanos);
        long total = value.longValue();
        return Instant.ofEpochSecond(Math.floorDiv(total, NANOS), Math.floorMod(total, NANOS));
    }
}
