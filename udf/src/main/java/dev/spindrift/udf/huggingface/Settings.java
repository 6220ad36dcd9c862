package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a JSON object in a model's file, read by type. A field that is null counts as absent, as
 * Hugging Face's libraries have it.
 *
 * <p>Each method that reads a field throws an {@link IllegalArgumentException} naming file and field if the field has
 * another type, or is absent and has no default.
 */
final class Settings {
    /** Far above any model's own (a few kB), and small enough that a hostile one cannot fill the heap. */
    private static final int MOST_BYTES = 4 << 20;

    private final String file;
    private final String path;
    private final Map<?, ?> fields;

    private Settings(String file, String path, Map<?, ?> fields) {
        this.file = file;
        this.path = path;
        this.fields = fields;
    }

    /** The object that {@code file} holds. */
    static Settings read(Path file) {
        return parse(file.toString(), bytes(file));
    }

    /** The object that {@code file} holds, or one without fields if there is no such file. */
    static Settings readOrEmpty(Path file) {
        return Files.exists(file) ? read(file) : none(file);
    }

    /** No fields, as if {@code file} held none. */
    static Settings none(Path file) {
        return new Settings(file.toString(), "", Map.of());
    }

    /** The objects of the array that {@code file} holds. */
    static List<Settings> readList(Path file) {
        return parseList(file.toString(), bytes(file));
    }

    static Settings parse(String file, byte[] json) {
        if (document(file, json) instanceof Map<?, ?> object) {
            return new Settings(file, "", object);
        }
        throw broken(file, "it holds no JSON object");
    }

    static List<Settings> parseList(String file, byte[] json) {
        if (document(file, json) instanceof List<?> array) {
            return objects(file, "", array);
        }
        throw broken(file, "it holds no JSON array");
    }

    /** The file these were read from, for errors. */
    String file() {
        return file;
    }

    /** What to throw if a value is of the right type and yet cannot be used. */
    IllegalArgumentException refused(String why, String wayOut) {
        return UnreadableFile.refused(file, why, wayOut);
    }

    /** The names of the fields that are not null, in the file's order. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        fields.forEach((name, value) -> {
            if (value != StrictJson.NULL) {
                names.add((String) name);
            }
        });
        return names;
    }

    boolean has(String name) {
        Object value = fields.get(name);
        return value != null && value != StrictJson.NULL;
    }

    /** Whether the field is there and is a string. */
    boolean hasString(String name) {
        return fields.get(name) instanceof String;
    }

    String string(String name) {
        return required(name, String.class, "a string");
    }

    String string(String name, String otherwise) {
        return has(name) ? string(name) : otherwise;
    }

    int integer(String name) {
        return toInt(name, required(name, Long.class, "an integer"));
    }

    int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    long longInteger(String name) {
        return required(name, Long.class, "an integer");
    }

    double decimal(String name) {
        return required(name, Number.class, "a number").doubleValue();
    }

    double decimal(String name, double otherwise) {
        return has(name) ? decimal(name) : otherwise;
    }

    boolean flag(String name) {
        return required(name, Boolean.class, "true or false");
    }

    boolean flag(String name, boolean otherwise) {
        return has(name) ? flag(name) : otherwise;
    }

    Settings object(String name) {
        return new Settings(file, path + name + ".", required(name, Map.class, "an object"));
    }

    /** The strings of an array, empty if the field is absent. */
    List<String> strings(String name) {
        return elements(name, String.class, "an array of strings");
    }

    /** The integers of an array, empty if the field is absent. */
    List<Integer> integers(String name) {
        return elements(name, Long.class, "an array of integers").stream()
                .map(number -> toInt(name, number))
                .toList();
    }

    /** The objects of an array, empty if the field is absent. */
    List<Settings> objects(String name) {
        return objects(file, path + name, elements(name, Map.class, "an array of objects"));
    }

    private <T> List<T> elements(String name, Class<T> type, String what) {
        if (!has(name)) {
            return List.of();
        }
        List<?> array = required(name, List.class, what);
        if (!array.stream().allMatch(type::isInstance)) {
            throw wrong(name, "is not " + what);
        }
        return array.stream().<T>map(type::cast).toList();
    }

    private <T> T required(String name, Class<T> type, String what) {
        Object value = fields.get(name);
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw wrong(name, has(name) ? "is not " + what : "is missing");
    }

    private int toInt(String name, long value) {
        if (value != (int) value) {
            throw wrong(name, "is " + value + ", beyond 32 bits");
        }
        return (int) value;
    }

    private IllegalArgumentException wrong(String name, String why) {
        return broken(file, "\"" + path + name + "\" " + why);
    }

    private static List<Settings> objects(String file, String path, List<?> array) {
        List<Settings> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.get(i) instanceof Map<?, ?> object)) {
                throw broken(file, path + "[" + i + "] is no object");
            }
            objects.add(new Settings(file, path + "[" + i + "].", object));
        }
        return objects;
    }

    private static Object document(String file, byte[] json) {
        return StrictJson.parse(file, ByteBuffer.wrap(json), StrictJson::value);
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw broken(file.toString(), "it is larger than " + (MOST_BYTES >> 20) + " MiB");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    UnreadableFile.message(file, e.toString(), "Check that it is there and may be read"), e);
        }
    }

    private static IllegalArgumentException broken(String file, String why) {
        return UnreadableFile.refused(file, why, UnreadableFile.DOWNLOAD_AGAIN);
    }
}
