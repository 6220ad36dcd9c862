package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads options of the form {@code NAME = value}, between commas or blanks. */
final class OptionReader {
    private final TokenReader in;

    OptionReader(TokenReader in) {
        this.in = in;
    }

    /**
     * All options that follow, by upper-case name. Those of a group in parentheses are named {@code GROUP.NAME}; a list
     * of values becomes one text with commas.
     */
    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        while (seesOption()) {
            option("", options);
            in.takes(",");
        }
        return options;
    }

    boolean seesOption() {
        return in.seesKind(Token.Kind.WORD) && in.peek(1).is("=");
    }

    void option(String prefix, Map<String, String> options) {
        String name = prefix + in.word();
        in.expect("=");
        if (!in.takes("(")) {
            options.put(name, value());
            return;
        }
        List<String> values = new ArrayList<>();
        while (!in.takes(")")) {
            if (seesOption()) {
                option(name + ".", options);
            } else {
                values.add(value());
            }
            in.takes(",");
        }
        if (!values.isEmpty()) {
            options.put(name, String.join(",", values));
        }
    }

    List<String> strings() {
        in.expect("(");
        List<String> values = new ArrayList<>();
        while (!in.takes(")")) {
            values.add(in.string());
            if (!in.sees(")")) {
                in.expect(",");
            }
        }
        return values;
    }

    private String value() {
        String sign = in.takes("-") ? "-" : "";
        return switch (in.peek().kind()) {
            case STRING, NUMBER -> sign + in.take().text();
            case WORD ->
                in.peek().is("TRUE") || in.peek().is("FALSE")
                        ? in.take().text().toLowerCase(Locale.ROOT)
                        : in.name().toString();
            case QUOTED -> in.name().toString();
            default -> throw in.unexpected();
        };
    }
}
