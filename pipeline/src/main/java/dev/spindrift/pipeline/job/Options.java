package dev.spindrift.pipeline.job;

import dev.spindrift.pipeline.chunk.ChunkOptions;
import dev.spindrift.pipeline.embed.EmbedOptions;
import dev.spindrift.pipeline.sink.SinkOptions;
import dev.spindrift.pipeline.source.SourceOptions;
import dev.spindrift.pipeline.warehouse.WarehouseOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** All options there are, and reading them: every key known, every value of its option's type. */
public final class Options {
    /** Whose constants are options. */
    private static final List<Class<?>> CLASSES = List.of(
            SourceOptions.class,
            ChunkOptions.class,
            EmbedOptions.class,
            SinkOptions.class,
            WarehouseOptions.class,
            JobOptions.class);

    private static final List<KnownOption> KNOWN = KnownOption.of(CLASSES);

    private final Configuration config = new Configuration();
    private final List<String> mistakes = new ArrayList<>();

    private Options() {}

    /**
     * The options of a file, overridden by {@code overrides}.
     *
     * @param file YAML, or null for the defaults
     * @param overrides each {@code key=value}
     */
    static Options read(@Nullable Path file, List<String> overrides) {
        return read(ConfigFile.of(file, overrides));
    }

    private static Options read(ConfigFile given) {
        Options options = new Options();
        options.mistakes.addAll(given.mistakes());
        options.set(given.values());
        return options;
    }

    /**
     * The options of a file, overridden by {@code overrides}, for a command that needs some of them only.
     *
     * @throws IllegalArgumentException if a key or a value is wrong, naming all that are
     */
    public static Configuration load(@Nullable Path file, List<String> overrides) {
        Options options = read(file, overrides);
        refuse(options.mistakes);
        return options.config;
    }

    /**
     * The same options as the arguments that the job takes, so that it can be started where the file is not.
     *
     * @throws IllegalArgumentException if a key or a value is wrong, naming all that are
     */
    public static List<String> arguments(@Nullable Path file, List<String> overrides) {
        ConfigFile given = ConfigFile.of(file, overrides);
        refuse(read(given).mistakes);
        List<String> arguments = new ArrayList<>();
        given.values().forEach((key, value) -> {
            arguments.add("--set");
            arguments.add(key + "=" + (value instanceof List<?> list ? joined(list) : value));
        });
        return arguments;
    }

    private static String joined(List<?> list) {
        return list.stream().map(Object::toString).collect(Collectors.joining(";"));
    }

    /** Throws if there are mistakes, with all of them in one message. */
    static void refuse(List<String> mistakes) {
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException("Cannot use the configuration: " + mistakes.size()
                    + (mistakes.size() == 1 ? " mistake.\n  - " : " mistakes.\n  - ")
                    + String.join("\n  - ", mistakes));
        }
    }

    static List<KnownOption> known() {
        return KNOWN;
    }

    /** What was read; options with a wrong value are left out. */
    Configuration config() {
        return config;
    }

    List<String> mistakes() {
        return mistakes;
    }

    private void set(Map<String, Object> values) {
        Map<KnownOption, Map<String, String>> maps = new HashMap<>();
        values.forEach((key, value) -> {
            Optional<KnownOption> option =
                    KNOWN.stream().filter(known -> known.owns(key)).findFirst();
            if (option.isEmpty()) {
                mistakes.add("Cannot use " + key + ": there is no such option. " + wayOut(key));
            } else if (option.get().kind() == KnownOption.Kind.MAP) {
                setEntry(option.get(), key, value, maps);
            } else {
                setValue(option.get(), value);
            }
        });
        maps.forEach((option, entries) -> config.set(mapOption(option.option()), entries));
    }

    private void setEntry(KnownOption option, String key, Object value, Map<KnownOption, Map<String, String>> maps) {
        if (key.equals(option.key()) || !(value instanceof String text)) {
            mistakes.add("Cannot use " + key + ": it must be " + option.allowed() + ", each a text.");
        } else {
            maps.computeIfAbsent(option, each -> new HashMap<>())
                    .put(key.substring(option.key().length() + 1), text);
        }
    }

    private void setValue(KnownOption option, Object value) {
        if (option.kind() == KnownOption.Kind.LIST) {
            List<String> texts = new ArrayList<>();
            for (Object each : value instanceof List<?> list
                    ? list
                    : List.of(value.toString().split(";", -1))) {
                texts.add(each.toString().strip());
            }
            config.set(listOption(option.option()), texts);
            return;
        }
        if (value instanceof String text && isOfItsType(option, text)) {
            config.setString(option.key(), text);
        } else {
            mistakes.add("Cannot use " + option.key() + (option.secret() ? "" : " '" + value + "'") + ": it must be "
                    + (option.kind() == KnownOption.Kind.CHOICE ? "one of " : "") + option.allowed() + ".");
        }
    }

    private static boolean isOfItsType(KnownOption option, String text) {
        try {
            Configuration alone = new Configuration();
            alone.setString(option.key(), text);
            alone.get(option.option());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String wayOut(String key) {
        return KNOWN.stream()
                .map(KnownOption::key)
                .min(Comparator.comparingInt(known -> distance(key, known)))
                .filter(nearest -> distance(key, nearest) <= Math.max(3, key.length() / 3))
                .map(nearest -> "Did you mean " + nearest + "?")
                .orElse("docs/options.md lists all.");
    }

    /** Edits (insert, delete, replace a character) between two keys. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    @SuppressWarnings("unchecked") // its kind says so
    private static ConfigOption<List<String>> listOption(ConfigOption<?> option) {
        return (ConfigOption<List<String>>) option;
    }

    @SuppressWarnings("unchecked") // its kind says so
    private static ConfigOption<Map<String, String>> mapOption(ConfigOption<?> option) {
        return (ConfigOption<Map<String, String>>) option;
    }
}
