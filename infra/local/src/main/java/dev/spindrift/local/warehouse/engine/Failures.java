package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.SqlSyntaxException;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Snowflake's errors. DuckDB gives no codes, so its errors are told apart by how their text begins; what the translation
 * itself raises inside DuckDB carries its code in the text ({@link #raise}).
 */
final class Failures {
    private static final Pattern RAISED = Pattern.compile("(?s)SF\\[(\\d{6})/(\\w{5})\\] (.*)");
    private static final Pattern NOT_NULL = Pattern.compile("NOT NULL constraint failed: [^.]+\\.(\\S+)");

    /** Where in its text DuckDB found the error: a text that the client has never seen. */
    private static final Pattern WHERE = Pattern.compile("(?s)\n\nLINE \\d+:.*");

    private Failures() {}

    static SqlFailure syntax(SqlSyntaxException e) {
        return new SqlFailure("001003", "42000", String.valueOf(e.getMessage()));
    }

    static SqlFailure unsupported(String what) {
        return new SqlFailure(
                "001003", "42000", "SQL compilation error:\nsyntax error. The local warehouse has no " + what + ".");
    }

    static SqlFailure missing(String kind, String name) {
        return new SqlFailure(
                "002003",
                "42S02",
                "SQL compilation error:\n" + kind + " '" + name + "' does not exist or not authorized.");
    }

    static SqlFailure exists(String kind, String name) {
        return new SqlFailure("002002", "42710", "SQL compilation error:\n" + kind + " '" + name + "' already exists.");
    }

    static SqlFailure invalidIdentifier(String name) {
        return new SqlFailure("000904", "42000", "SQL compilation error:\ninvalid identifier '" + name + "'");
    }

    static SqlFailure ambiguous(String name) {
        return new SqlFailure("001052", "42601", "SQL compilation error:\nambiguous column name '" + name + "'");
    }

    static SqlFailure noDatabase() {
        return new SqlFailure(
                "090105",
                "22000",
                "Cannot perform operation. This session does not have a current database. Call 'USE DATABASE', or use a"
                        + " qualified name.");
    }

    static SqlFailure typeMismatch(String column, ColumnType expected, ColumnType got) {
        return new SqlFailure(
                "002023",
                "22000",
                "SQL compilation error:\nExpression type does not match column data type, expecting "
                        + Types.shown(expected) + " but got " + Types.shown(got) + " for column " + column);
    }

    static SqlFailure invalidTypes(String construct, String types) {
        return new SqlFailure(
                "001044",
                "42P13",
                "SQL compilation error:\nInvalid argument types for function '" + construct + "': (" + types + ")");
    }

    static SqlFailure invalidCast(ColumnType from, ColumnType to) {
        return new SqlFailure(
                "001007",
                "22023",
                "SQL compilation error:\ninvalid type [CAST(" + Types.shown(from) + " AS " + Types.shown(to)
                        + ")] for parameter 'TO_" + to.kind() + "'");
    }

    static SqlFailure cancelled() {
        return new SqlFailure("000604", "57014", "SQL execution canceled");
    }

    static SqlFailure aborted() {
        return new SqlFailure(
                "099001",
                "25P02",
                "Cannot run the statement: an earlier statement of this transaction failed, and DuckDB, unlike Snowflake,"
                        + " cannot go on after that. Run ROLLBACK first.");
    }

    /** DuckDB text that fails with a Snowflake error when it is evaluated. */
    static String raise(String code, String state, String messageSql) {
        return "error('SF[" + code + "/" + state + "] ' || " + messageSql + ")";
    }

    static SqlFailure of(SQLException e) {
        String message = WHERE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        int at = message.indexOf("SF[");
        Matcher raised = RAISED.matcher(at < 0 ? "" : message.substring(at));
        if (raised.matches()) {
            return failure(raised.group(1), raised.group(2), raised.group(3), e);
        }
        Matcher notNull = NOT_NULL.matcher(message);
        if (notNull.find()) {
            return failure("100072", "22000", "NULL result in a non-nullable column '" + notNull.group(1) + "'", e);
        }
        if (message.contains("MERGE INTO command cannot affect the same target row")) {
            return failure("100090", "42P18", "Duplicate row detected during DML action", e);
        }
        if (message.contains("Malformed JSON")) {
            return failure("100069", "22P02", "Error parsing JSON: " + message, e);
        }
        return byPrefix(message, e);
    }

    private static SqlFailure byPrefix(String message, SQLException e) {
        if (message.startsWith("INTERRUPT")) {
            return cancelled();
        }
        if (message.startsWith("TransactionContext Error") || message.startsWith("Transaction")) {
            return failure(
                    "000625",
                    "57014",
                    "Statement aborted, since another transaction changed the same rows first. Roll back and try again. "
                            + message,
                    e);
        }
        if (message.startsWith("Conversion Error")) {
            return failure("100038", "22018", message, e);
        }
        if (message.startsWith("Out of Range Error")) {
            return failure("100039", "22003", message, e);
        }
        if (message.startsWith("Catalog Error")) {
            return failure("002003", "42S02", "SQL compilation error:\n" + message, e);
        }
        if (message.startsWith("Binder Error")) {
            return failure("000904", "42000", "SQL compilation error:\n" + message, e);
        }
        if (message.startsWith("Parser Error")) {
            return failure("001003", "42000", "SQL compilation error:\n" + message, e);
        }
        if (message.startsWith("Out of Memory Error")) {
            return failure("300005", "XX000", "The local warehouse ran out of its memory limit: " + message, e);
        }
        return failure("100183", "P0000", message, e);
    }

    private static SqlFailure failure(String code, String state, String message, SQLException cause) {
        SqlFailure failure = new SqlFailure(code, state, message);
        failure.initCause(cause);
        return failure;
    }
}
