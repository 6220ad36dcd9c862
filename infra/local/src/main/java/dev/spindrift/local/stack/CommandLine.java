package dev.spindrift.local.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The options of one of the stack's commands, checked against those it knows. */
final class CommandLine {
    private final Map<String, List<String>> values = new TreeMap<>();

    private CommandLine() {}

    /** Reads {@code --name value} and {@code --name=value} for the valued options, {@code --name} for the flags. */
    static CommandLine parse(String command, List<String> arguments, Set<String> valued, Set<String> flags) {
        CommandLine line = new CommandLine();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = argument.startsWith("--") && equals > 0 ? argument.substring(0, equals) : argument;
            if (flags.contains(argument)) {
                line.add(argument, "");
            } else if (!valued.contains(name)) {
                throw new IllegalArgumentException("Cannot read \"" + argument + "\": " + command
                        + " has no such option. See \"./spindrift " + command + " --help\".");
            } else if (equals > 0) {
                line.add(name, argument.substring(equals + 1));
            } else if (i + 1 < arguments.size()) {
                i++;
                line.add(name, arguments.get(i));
            } else {
                throw new IllegalArgumentException(
                        "Cannot read " + name + ": its value is missing. Give it as \"" + name + " VALUE\".");
            }
        }
        return line;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> last(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        return given.isEmpty() ? Optional.empty() : Optional.of(given.get(given.size() - 1));
    }

    int number(String name, int otherwise) {
        Optional<String> given = last(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseInt(given.get());
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(
                    "Cannot read " + name + " " + given.get() + ": it is not a whole number. Give one.", notOne);
        }
    }

    /** The parts named by {@code --only}, which may be repeated and may hold a list; all of them without it. */
    Set<Part> parts() {
        List<String> labels = new ArrayList<>();
        values.getOrDefault("--only", List.of()).forEach(list -> labels.addAll(Arrays.asList(list.split(",", -1))));
        if (labels.isEmpty()) {
            return EnumSet.allOf(Part.class);
        }
        EnumSet<Part> parts = EnumSet.noneOf(Part.class);
        labels.forEach(label -> parts.add(Part.of(label.strip())));
        return parts;
    }

    /** The state folder: as given, else as the environment says, else in the clone. */
    Path stateDir(Path root) {
        return last("--state-dir")
                .or(() -> Optional.ofNullable(System.getenv("SPINDRIFT_STATE")).filter(path -> !path.isEmpty()))
                .map(Path::of)
                .orElse(root.resolve(".spindrift"))
                .toAbsolutePath()
                .normalize();
    }

    private void add(String name, String value) {
        values.computeIfAbsent(name, unseen -> new ArrayList<>()).add(value);
    }
}
