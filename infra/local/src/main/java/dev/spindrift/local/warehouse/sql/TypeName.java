package dev.spindrift.local.warehouse.sql;

import java.util.List;

/**
 * A type as written.
 *
 * @param name in upper case, words joined by one space
 * @param arguments between the parentheses, in upper case
 */
public record TypeName(String name, List<String> arguments) {
    public TypeName {
        arguments = List.copyOf(arguments);
    }

    @Override
    public String toString() {
        return arguments.isEmpty() ? name : name + "(" + String.join(", ", arguments) + ")";
    }
}
