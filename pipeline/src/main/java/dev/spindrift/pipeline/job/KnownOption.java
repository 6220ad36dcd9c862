package dev.spindrift.pipeline.job;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * An option as the stages' option classes declare it, with what their declaration says about its type.
 *
 * @param kind how its value is written
 * @param allowed its values in words
 */
record KnownOption(ConfigOption<?> option, Kind kind, String allowed) {

    /** How a value is written in the file. */
    enum Kind {
        STRING,
        NUMBER,
        BOOLEAN,
        DURATION,
        SIZE,
        CHOICE,
        LIST,
        MAP
    }

    /** The options that are constants of {@code classes}, in their order there. */
    static List<KnownOption> of(List<Class<?>> classes) {
        List<KnownOption> options = new ArrayList<>();
        for (Class<?> each : classes) {
            for (Field field : each.getDeclaredFields()) {
                if (field.getType() == ConfigOption.class && Modifier.isPublic(field.getModifiers())) {
                    options.add(of(field));
                }
            }
        }
        return List.copyOf(options);
    }

    private static KnownOption of(Field field) {
        Type type = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
        ConfigOption<?> option;
        try {
            option = (ConfigOption<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Cannot list the options: " + field + " is not public.", e);
        }
        if (option == null) {
            throw new IllegalStateException("Cannot list the options: " + field + " is null.");
        }
        Kind kind = kindOf(type);
        return new KnownOption(option, kind, kind == Kind.CHOICE ? choices((Class<?>) type) : words(kind));
    }

    private static Kind kindOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == List.class ? Kind.LIST : Kind.MAP;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return Kind.CHOICE;
        }
        return Map.of(
                        String.class, Kind.STRING,
                        Integer.class, Kind.NUMBER,
                        Long.class, Kind.NUMBER,
                        Boolean.class, Kind.BOOLEAN,
                        Duration.class, Kind.DURATION,
                        MemorySize.class, Kind.SIZE)
                .getOrDefault(plain, Kind.STRING);
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case STRING -> "a text";
            case NUMBER -> "a whole number";
            case BOOLEAN -> "true or false";
            case DURATION -> "a duration such as 500ms, 30s or 10min";
            case SIZE -> "a size such as 512kb, 16mb or 1gb";
            case LIST -> "a list, or names separated by semicolons";
            case MAP -> "keys with values below it";
            case CHOICE -> throw new IllegalArgumentException("a choice is named by its values");
        };
    }

    private static String choices(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(choice -> choice.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    String key() {
        return option.key();
    }

    /** Whether its values may be secrets and are not to be shown. */
    boolean secret() {
        return kind == Kind.MAP || key().contains("password");
    }

    /** Whether {@code key} is this option, or an entry of it if it is a map. */
    boolean owns(String key) {
        return key.equals(key()) || (kind == Kind.MAP && key.startsWith(key() + "."));
    }

    String description() {
        return new HtmlFormatter().format(option.description());
    }

    /** The default as one would write it; null if there is none. */
    @Nullable
    String defaultText() {
        Object value = option.defaultValue();
        if (value == null) {
            return null;
        }
        return switch (kind) {
            case DURATION -> TimeUtils.formatWithHighestUnit((Duration) value).replace(" ", "");
            case SIZE -> ((MemorySize) value).toString().replace(" ", "");
            case CHOICE -> value.toString().toLowerCase(Locale.ROOT);
            case MAP -> ((Map<?, ?>) value).isEmpty() ? "empty" : value.toString();
            case LIST ->
                String.join(";", ((List<?>) value).stream().map(String::valueOf).toList());
            default -> value.toString();
        };
    }
}
