package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.Functions.Arguments;

/** Functions on text. Positions and lengths count code points. */
final class TextFunctions {
    private TextFunctions() {}

    static void register() {
        Functions.scalar("UPPER", 1, 1, a -> Typed.text("upper(" + a.text(0) + ")"));
        Functions.scalar("LOWER", 1, 1, a -> Typed.text("lower(" + a.text(0) + ")"));
        Functions.scalar("LENGTH LEN", 1, 1, TextFunctions::length);
        Functions.scalar("OCTET_LENGTH", 1, 1, a -> Typed.number("strlen(" + a.text(0) + ")"));
        Functions.scalar("SUBSTR SUBSTRING", 2, 3, TextFunctions::substring);
        Functions.scalar("LEFT", 2, 2, a -> Typed.text("left(" + a.text(0) + ", greatest(0, " + a.integer(1) + "))"));
        Functions.scalar("RIGHT", 2, 2, a -> Typed.text("right(" + a.text(0) + ", greatest(0, " + a.integer(1) + "))"));
        Functions.scalar("TRIM", 1, 2, a -> trim("trim", a));
        Functions.scalar("LTRIM", 1, 2, a -> trim("ltrim", a));
        Functions.scalar("RTRIM", 1, 2, a -> trim("rtrim", a));
        Functions.scalar("LPAD", 2, 3, a -> pad("lpad", a));
        Functions.scalar("RPAD", 2, 3, a -> pad("rpad", a));
        Functions.scalar("CONCAT", 1, 100, TextFunctions::concat);
        Functions.scalar("CONCAT_WS", 2, 100, TextFunctions::concatWithSeparator);
        Functions.scalar(
                "REPLACE",
                2,
                3,
                a -> Typed.text(
                        "replace(" + a.text(0) + ", " + a.text(1) + ", " + (a.size() > 2 ? a.text(2) : "''") + ")"));
        Functions.scalar("REVERSE", 1, 1, a -> Typed.text("reverse(" + a.text(0) + ")"));
        Functions.scalar("REPEAT", 2, 2, a -> Typed.text("repeat(" + a.text(0) + ", " + a.integer(1) + ")"));
        Functions.scalar(
                "SPLIT", 2, 2, a -> Typed.arrayOfJson("to_json(string_split(" + a.text(0) + ", " + a.text(1) + "))"));
        Functions.scalar(
                "SPLIT_PART",
                3,
                3,
                a -> Typed.text("split_part(" + a.text(0) + ", " + a.text(1) + ", CASE " + a.integer(2)
                        + " WHEN 0 THEN 1 ELSE " + a.integer(2) + " END)"));
        Functions.scalar("STARTSWITH", 2, 2, a -> Typed.bool("starts_with(" + a.text(0) + ", " + a.text(1) + ")"));
        Functions.scalar("ENDSWITH", 2, 2, a -> Typed.bool("ends_with(" + a.text(0) + ", " + a.text(1) + ")"));
        Functions.scalar("CONTAINS", 2, 2, a -> Typed.bool("contains(" + a.text(0) + ", " + a.text(1) + ")"));
        Functions.scalar("POSITION CHARINDEX", 2, 3, TextFunctions::position);
        Functions.scalar("ASCII", 1, 1, a -> Typed.number("ascii(" + a.text(0) + ")"));
        Functions.scalar("CHR CHAR", 1, 1, a -> Typed.text("chr(CAST(" + a.integer(0) + " AS INTEGER))"));
        Functions.scalar(
                "REGEXP_LIKE RLIKE", 2, 2, a -> Typed.bool("regexp_full_match(" + a.text(0) + ", " + a.text(1) + ")"));
        Functions.scalar(
                "REGEXP_REPLACE",
                2,
                3,
                a -> Typed.text("regexp_replace(" + a.text(0) + ", " + a.text(1) + ", "
                        + (a.size() > 2 ? a.text(2) : "''") + ", 'g')"));
        Functions.scalar(
                "REGEXP_SUBSTR",
                2,
                2,
                a -> Typed.text("nullif(regexp_extract(" + a.text(0) + ", " + a.text(1) + "), '')"));
        Functions.scalar("MD5 MD5_HEX", 1, 1, a -> Typed.text("md5(" + bytes(a) + ")"));
        Functions.scalar("SHA1 SHA1_HEX", 1, 1, a -> Typed.text("sha1(" + bytes(a) + ")"));
        Functions.scalar("SHA2 SHA2_HEX", 1, 2, TextFunctions::sha2);
        Functions.scalar("BASE64_ENCODE", 1, 1, a -> Typed.text("base64(encode(" + a.text(0) + "))"));
        Functions.scalar("HEX_ENCODE", 1, 1, a -> Typed.text("hex(" + a.text(0) + ")"));
    }

    private static Typed length(Arguments a) {
        return a.get(0).kind() == ColumnType.Kind.BINARY
                ? Typed.number("octet_length(" + a.get(0).sql() + ")")
                : Typed.number("length(" + a.text(0) + ")");
    }

    /** A start of 0 means 1, a negative one counts from the end. */
    private static Typed substring(Arguments a) {
        String start = "CASE " + a.integer(1) + " WHEN 0 THEN 1 ELSE " + a.integer(1) + " END";
        String length = a.size() < 3 ? "" : ", greatest(0, " + a.integer(2) + ")";
        return Typed.text("substring(" + a.text(0) + ", " + start + length + ")");
    }

    private static Typed trim(String function, Arguments a) {
        return Typed.text(function + "(" + a.text(0) + (a.size() > 1 ? ", " + a.text(1) : ", ' '") + ")");
    }

    private static Typed pad(String function, Arguments a) {
        String with = a.size() > 2 ? a.text(2) : "' '";
        return Typed.text(function + "(" + a.text(0) + ", CAST(" + a.integer(1) + " AS INTEGER), " + with + ")");
    }

    /** NULL if one is NULL, as || has it. */
    private static Typed concat(Arguments a) {
        StringBuilder sql = new StringBuilder("(").append(a.text(0));
        for (int i = 1; i < a.size(); i++) {
            sql.append(" || ").append(a.text(i));
        }
        return Typed.text(sql.append(")").toString());
    }

    private static Typed concatWithSeparator(Arguments a) {
        StringBuilder sql = new StringBuilder("(").append(a.text(1));
        for (int i = 2; i < a.size(); i++) {
            sql.append(" || ").append(a.text(0)).append(" || ").append(a.text(i));
        }
        return Typed.text(sql.append(")").toString());
    }

    private static Typed position(Arguments a) {
        if (a.size() == 2) {
            return Typed.number("instr(" + a.text(1) + ", " + a.text(0) + ")");
        }
        String rest = "instr(substring(" + a.text(1) + ", " + a.integer(2) + "), " + a.text(0) + ")";
        return Typed.number("(CASE WHEN " + rest + " = 0 THEN 0 ELSE " + rest + " + " + a.integer(2) + " - 1 END)");
    }

    private static String bytes(Arguments a) {
        return a.get(0).kind() == ColumnType.Kind.BINARY ? a.get(0).sql() : a.text(0);
    }

    private static Typed sha2(Arguments a) {
        if (a.size() > 1 && !a.get(1).sql().equals("256")) {
            throw Failures.unsupported("SHA2 with another length than 256");
        }
        return Typed.text("sha256(" + bytes(a) + ")");
    }
}
