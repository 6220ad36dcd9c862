package dev.spindrift.local.warehouse.server;

import dev.spindrift.local.warehouse.engine.ColumnType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;

/** A cell of a result as its text in a JSON result, by the column's type. */
final class CellText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Beyond this a float times 10^6 need not be an exact double. */
    private static final double EXACT = 9e9;

    private CellText() {}

    static String of(ColumnType type, Object cell) {
        return switch (type.kind()) {
            case FIXED -> fixed(type, cell);
            case REAL -> real((Double) cell);
            case BOOLEAN -> (Boolean) cell ? "1" : "0";
            case DATE -> Long.toString(((LocalDate) cell).toEpochDay());
            case TIME -> time((LocalTime) cell);
            case TIMESTAMP_NTZ -> seconds(((LocalDateTime) cell).toInstant(ZoneOffset.UTC));
            case TIMESTAMP_LTZ -> seconds((Instant) cell);
            case TIMESTAMP_TZ -> withOffset((OffsetDateTime) cell);
            case BINARY -> HEX.formatHex((byte[]) cell);
            case TEXT, VARIANT, OBJECT, ARRAY -> (String) cell;
            case VECTOR -> cell instanceof int[] integers ? vector(integers) : vector((float[]) cell);
        };
    }

    private static String fixed(ColumnType type, Object cell) {
        if (cell instanceof Long whole && type.scale() == 0) {
            return whole.toString();
        }
        BigDecimal number = cell instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) cell;
        return number.setScale(type.scale(), RoundingMode.HALF_UP).toPlainString();
    }

    private static String real(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        return Double.toString(value);
    }

    private static String time(LocalTime time) {
        long nanos = time.toNanoOfDay();
        return decimal(nanos / 1_000_000_000, (int) (nanos % 1_000_000_000));
    }

    private static String seconds(Instant instant) {
        return decimal(instant.getEpochSecond(), instant.getNano());
    }

    private static String withOffset(OffsetDateTime time) {
        int minutes = time.getOffset().getTotalSeconds() / 60;
        return seconds(time.toInstant()) + " " + (1440 + minutes);
    }

    /** Seconds and nanoseconds as one decimal number of nine places, also before 1970. */
    private static String decimal(long seconds, int nanos) {
        boolean negative = seconds < 0;
        long whole = negative && nanos > 0 ? seconds + 1 : seconds;
        int fraction = negative && nanos > 0 ? 1_000_000_000 - nanos : nanos;
        StringBuilder text = new StringBuilder(24);
        if (negative) {
            text.append('-');
        }
        text.append(Math.abs(whole)).append('.');
        return padded(text, fraction, 9).toString();
    }

    private static StringBuilder padded(StringBuilder text, long digits, int width) {
        String written = Long.toString(digits);
        return text.append("0".repeat(width - written.length())).append(written);
    }

    /** Six decimals, as Snowflake's JSON results have them: a client that needs the exact floats reads ARROW there. */
    private static String vector(float[] vector) {
        StringBuilder text = new StringBuilder(2 + 10 * vector.length).append('[');
        for (int i = 0; i < vector.length; i++) {
            if (i > 0) {
                text.append(',');
            }
            appendSixDecimals(text, vector[i]);
        }
        return text.append(']').toString();
    }

    /** A float has 24 bits and 5^6 has 14, so its product with 10^6 is exact and rounds as {@code %.6f} does. */
    private static void appendSixDecimals(StringBuilder text, float value) {
        if (!(Math.abs(value) < EXACT)) {
            text.append(
                    Float.isFinite(value) ? new BigDecimal(value).setScale(6).toPlainString() : value);
            return;
        }
        long millionths = (long) Math.rint(Math.abs((double) value) * 1e6);
        if (Float.floatToRawIntBits(value) < 0) {
            text.append('-');
        }
        text.append(millionths / 1_000_000).append('.');
        padded(text, millionths % 1_000_000, 6);
    }

    private static String vector(int[] vector) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < vector.length; i++) {
            text.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return text.append(']').toString();
    }
}
