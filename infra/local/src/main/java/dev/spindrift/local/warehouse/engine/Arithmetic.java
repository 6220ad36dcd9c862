package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.engine.ColumnType.Kind;

/** Sums and products: exact for NUMBER up to 38 digits, as DuckDB's DECIMAL; days for dates. */
final class Arithmetic {
    private Arithmetic() {}

    static Typed bind(String operator, Typed left, Typed right) {
        if (left.kind() == Kind.DATE || right.kind() == Kind.DATE) {
            return days(operator, left, right);
        }
        Typed a = number(left);
        Typed b = number(right);
        boolean exact = a.kind() == Kind.FIXED && b.kind() == Kind.FIXED;
        return switch (operator) {
            case "/" -> divide(a, b, exact);
            case "%" -> new Typed("(" + a.sql() + " % " + b.sql() + ")", exact ? common(a, b) : Types.REAL);
            case "*" ->
                new Typed(
                        "(" + a.sql() + " * " + b.sql() + ")",
                        exact
                                ? Types.fixed(
                                        38,
                                        Math.min(37, a.type().scale() + b.type().scale()))
                                : Types.REAL);
            default ->
                new Typed("(" + a.sql() + " " + operator + " " + b.sql() + ")", exact ? common(a, b) : Types.REAL);
        };
    }

    private static ColumnType common(Typed a, Typed b) {
        return Types.fixed(38, Math.max(a.type().scale(), b.type().scale()));
    }

    private static Typed divide(Typed a, Typed b, boolean exact) {
        String zero = Failures.raise("100051", "22012", "'Division by zero'");
        String quotient = "(CAST(" + a.sql() + " AS DOUBLE) / CASE WHEN " + b.sql() + " = 0 THEN " + zero + " ELSE "
                + b.sql() + " END)";
        if (!exact) {
            return Typed.real(quotient);
        }
        ColumnType type = Types.fixed(38, Math.max(6, Math.min(12, a.type().scale() + 6)));
        return new Typed("CAST(" + quotient + " AS " + Types.physical(type) + ")", type);
    }

    private static Typed days(String operator, Typed left, Typed right) {
        if (left.kind() == Kind.DATE && right.kind() == Kind.DATE && operator.equals("-")) {
            return Typed.number("(" + left.sql() + " - " + right.sql() + ")");
        }
        boolean leftDate = left.kind() == Kind.DATE;
        Typed distance = leftDate ? right : left;
        if (!Types.numeric(distance.type()) || !(operator.equals("+") || (operator.equals("-") && leftDate))) {
            throw Failures.invalidTypes(operator, Types.shown(left.type()) + ", " + Types.shown(right.type()));
        }
        String date = leftDate ? left.sql() : right.sql();
        return new Typed("(" + date + " " + operator + " CAST(" + distance.sql() + " AS INTEGER))", Types.DATE);
    }

    /** Whole literals are widened, since DuckDB would count with 32 bits. */
    private static Typed number(Typed value) {
        if (value.kind() == Kind.FIXED) {
            return value.sql().matches("\\d+")
                    ? new Typed("CAST(" + value.sql() + " AS HUGEINT)", value.type())
                    : value;
        }
        return value.kind() == Kind.REAL ? value : Casts.cast(value, Types.REAL, false);
    }
}
