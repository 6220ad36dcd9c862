package dev.spindrift.local.stack;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** One of the three systems the local stack is made of. */
public enum Part {
    /** The Kafka broker. */
    KAFKA,
    /** The Snowflake-compatible warehouse. */
    WAREHOUSE,
    /** The Flink cluster. */
    FLINK;

    /** The part's name as the command line writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Part of(String label) {
        return Arrays.stream(values())
                .filter(part -> part.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Cannot start the part \"" + label
                        + "\": there is none of that name. Give one or more of "
                        + Arrays.stream(values()).map(Part::label).collect(Collectors.joining(", ")) + "."));
    }
}
