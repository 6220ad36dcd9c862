package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.engine.Functions.Arguments;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Functions on dates and times. What asks for the time gets the statement's, the same for all rows. */
final class TimeFunctions {
    private TimeFunctions() {}

    static void register() {
        Functions.scalar("SYSDATE", 0, 0, a -> new Typed("TIMESTAMP '" + utc(a) + "'", Types.NTZ, false));
        Functions.scalar("CURRENT_TIMESTAMP GETDATE SYSTIMESTAMP LOCALTIMESTAMP", 0, 1, TimeFunctions::now);
        Functions.scalar("CURRENT_DATE", 0, 0, a -> new Typed("CAST(" + now(a).sql() + " AS DATE)", Types.DATE, false));
        Functions.scalar(
                "CURRENT_TIME LOCALTIME", 0, 1, a -> new Typed("CAST(" + now(a).sql() + " AS TIME)", Types.TIME));
        Functions.scalar("TO_TIMESTAMP TO_TIMESTAMP_NTZ", 1, 2, a -> converted(a, Types.NTZ));
        Functions.scalar("TRY_TO_TIMESTAMP TRY_TO_TIMESTAMP_NTZ", 1, 1, a -> Casts.cast(a.get(0), Types.NTZ, true));
        Functions.scalar("TO_TIMESTAMP_LTZ", 1, 2, a -> converted(a, Types.LTZ));
        Functions.scalar("TO_TIMESTAMP_TZ", 1, 1, a -> converted(a, Types.TZ));
        Functions.scalar("TO_DATE DATE", 1, 2, a -> converted(a, Types.DATE));
        Functions.scalar("TRY_TO_DATE", 1, 1, a -> Casts.cast(a.get(0), Types.DATE, true));
        Functions.scalar("TO_TIME TIME", 1, 1, a -> converted(a, Types.TIME));
        Functions.scalar("DATEADD TIMEADD TIMESTAMPADD", 3, 3, TimeFunctions::add);
        Functions.scalar("DATEDIFF TIMEDIFF TIMESTAMPDIFF", 3, 3, TimeFunctions::difference);
        Functions.scalar("DATE_TRUNC", 2, 2, a -> truncated(a));
        Functions.scalar("DATE_PART", 2, 2, a -> part(a.constant(0), a.get(1)));
        for (String part : new String[] {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"}) {
            Functions.scalar(part, 1, 1, a -> part(part, a.get(0)));
        }
        Functions.scalar("DAYOFMONTH", 1, 1, a -> part("DAY", a.get(0)));
        Functions.scalar("DAYOFWEEK", 1, 1, a -> part("DAYOFWEEK", a.get(0)));
        Functions.scalar("DAYOFYEAR", 1, 1, a -> part("DAYOFYEAR", a.get(0)));
        Functions.scalar("LAST_DAY", 1, 1, a -> new Typed("last_day(" + a.get(0).sql() + ")", Types.DATE));
    }

    private static LocalDateTime utc(Arguments a) {
        return LocalDateTime.ofInstant(a.environment().now(), ZoneOffset.UTC);
    }

    private static Typed now(Arguments a) {
        return new Typed("TIMESTAMPTZ '" + utc(a) + "+00'", Types.LTZ, false);
    }

    private static Typed converted(Arguments a, ColumnType to) {
        if (a.size() == 1) {
            return Casts.cast(a.get(0), to, false);
        }
        if (Types.numeric(a.get(0).type()) && a.exact(1)) {
            String micros =
                    "CAST(" + a.get(0).sql() + " * CAST(1000000 AS HUGEINT) / pow(10, " + a.integer(1) + ") AS BIGINT)";
            return Casts.cast(new Typed("make_timestamp(" + micros + ")", Types.NTZ), to, false);
        }
        String parsed = "strptime(" + a.text(0) + ", " + Sql.string(format(a.constant(1))) + ")";
        return Casts.cast(new Typed(parsed, Types.NTZ), to, false);
    }

    /** A Snowflake format in the letters of strftime. */
    static String format(String snowflake) {
        String[][] parts = {
            {"YYYY", "%Y"}, {"YY", "%y"}, {"MMMM", "%B"}, {"MON", "%b"}, {"MM", "%m"}, {"DD", "%d"}, {"DY", "%a"},
            {"HH24", "%H"}, {"HH12", "%I"}, {"AM", "%p"}, {"PM", "%p"}, {"MI", "%M"}, {"SS", "%S"}, {"FF9", "%n"},
            {"FF6", "%f"}, {"FF3", "%g"}, {"FF", "%f"}, {"TZHTZM", "%z"}, {"TZH:TZM", "%z"}, {"TZH", "%z"},
        };
        StringBuilder text = new StringBuilder();
        String upper = snowflake.toUpperCase(Locale.ROOT);
        int at = 0;
        while (at < snowflake.length()) {
            String found = null;
            for (String[] part : parts) {
                if (upper.startsWith(part[0], at)) {
                    found = part[1];
                    at += part[0].length();
                    break;
                }
            }
            if (found == null) {
                char c = snowflake.charAt(at++);
                if (c == '%') {
                    throw Failures.unsupported("% in a time format");
                }
                found = c == '"' ? "" : String.valueOf(c);
            }
            text.append(found);
        }
        return text.toString();
    }

    private static String unit(String part) {
        return switch (part.toLowerCase(Locale.ROOT)) {
            case "year", "years", "yy", "yyyy", "y" -> "year";
            case "quarter", "quarters", "qtr", "q" -> "quarter";
            case "month", "months", "mon", "mm" -> "month";
            case "week", "weeks", "wk", "w" -> "week";
            case "day", "days", "dd", "d" -> "day";
            case "hour", "hours", "hh", "h" -> "hour";
            case "minute", "minutes", "mi", "m", "min" -> "minute";
            case "second", "seconds", "sec", "s" -> "second";
            case "millisecond", "milliseconds", "ms" -> "millisecond";
            case "microsecond", "microseconds", "us" -> "microsecond";
            default -> throw Failures.unsupported("date part " + part);
        };
    }

    private static Typed time(Typed value) {
        return value.kind() == Kind.TEXT || value.kind() == Kind.VARIANT || value.kind() == Kind.TIMESTAMP_TZ
                ? Casts.cast(value, Types.NTZ, false)
                : value;
    }

    private static Typed add(Arguments a) {
        String unit = unit(a.constant(0));
        Typed time = time(a.get(2));
        boolean quarter = unit.equals("quarter");
        String interval =
                "(" + a.integer(1) + (quarter ? " * 3" : "") + " * INTERVAL 1 " + (quarter ? "month" : unit) + ")";
        String sum = "(" + time.sql() + " + " + interval + ")";
        boolean wholeDays = unit.matches("year|quarter|month|week|day");
        if (time.kind() != Kind.DATE) {
            return new Typed(sum, time.type());
        }
        return wholeDays ? new Typed("CAST(" + sum + " AS DATE)", Types.DATE) : new Typed(sum, Types.NTZ);
    }

    private static Typed difference(Arguments a) {
        String unit = unit(a.constant(0));
        Typed from = time(a.get(1));
        Typed to = time(a.get(2));
        boolean dates = from.kind() == Kind.DATE && to.kind() == Kind.DATE;
        ColumnType type = from.kind() == Kind.TIMESTAMP_LTZ || to.kind() == Kind.TIMESTAMP_LTZ ? Types.LTZ : Types.NTZ;
        if (!dates && from.kind() != Kind.TIME) {
            from = Casts.cast(from, type, false);
            to = Casts.cast(to, type, false);
        }
        return Typed.number("date_diff('" + unit + "', " + from.sql() + ", " + to.sql() + ")");
    }

    private static Typed truncated(Arguments a) {
        Typed time = time(a.get(1));
        String sql = "date_trunc('" + unit(a.constant(0)) + "', " + time.sql() + ")";
        return time.kind() == Kind.DATE
                ? new Typed("CAST(" + sql + " AS DATE)", Types.DATE)
                : new Typed(sql, time.type());
    }

    private static Typed part(String part, Typed value) {
        Typed time = time(value);
        String sql = time.sql();
        return switch (part.toUpperCase(Locale.ROOT)) {
            case "EPOCH_SECOND", "EPOCH" -> Typed.number("CAST(floor(epoch(" + sql + ")) AS BIGINT)");
            case "EPOCH_MILLISECOND" -> Typed.number("epoch_ms(" + sql + ")");
            case "EPOCH_MICROSECOND" -> Typed.number("epoch_us(" + sql + ")");
            case "EPOCH_NANOSECOND" -> Typed.number("epoch_ns(" + sql + ")");
            case "DAYOFWEEK", "DOW" -> Typed.number("dayofweek(" + sql + ")");
            case "DAYOFYEAR", "DOY" -> Typed.number("dayofyear(" + sql + ")");
            default -> Typed.number("date_part('" + unit(part) + "', " + sql + ")");
        };
    }
}
