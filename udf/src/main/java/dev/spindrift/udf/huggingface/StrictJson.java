package dev.spindrift.udf.huggingface;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as RFC 8259 has it and nothing wider: UTF-8, one document, no name twice in an object, numbers that are finite,
 * at most {@link #DEPTH} objects and arrays inside each other.
 */
final class StrictJson {
    /** What stands for JSON's null. */
    static final Object NULL = new Object();

    private static final int DEPTH = 64;

    private StrictJson() {}

    /** What {@link #parse} calls with a reader at the document's start. */
    interface Content<T> {
        T read(JsonReader reader) throws IOException;
    }

    /**
     * Reads a document, which must end where {@code content} ends.
     *
     * @throws IllegalArgumentException naming {@code file} if it is not such a document
     */
    static <T> T parse(Object file, ByteBuffer json, Content<T> content) {
        try {
            JsonReader reader = new JsonReader(new StringReader(
                    StandardCharsets.UTF_8.newDecoder().decode(json).toString()));
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(DEPTH);
            T read = content.read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("something follows the document");
            }
            return read;
        } catch (CharacterCodingException e) {
            throw refused(file, "it is not UTF-8 text", e);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            String[] lines = String.valueOf(e.getMessage()).split("\n", 2);
            throw refused(file, "it is not strict JSON (" + lines[0] + ")", e);
        }
    }

    private static IllegalArgumentException refused(Object file, String why, Exception cause) {
        return new IllegalArgumentException(UnreadableFile.message(file, why, UnreadableFile.DOWNLOAD_AGAIN), cause);
    }

    /** The next value: {@code Map<String, Object>}, {@code List<Object>}, String, Long, Double, Boolean or {@link #NULL}. */
    static Object value(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(reader, StrictJson::value);
            case BEGIN_ARRAY -> array(reader);
            default -> scalar(reader);
        };
    }

    /** The next value, which must be none of object and array. */
    static Object scalar(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case STRING -> reader.nextString();
            case NUMBER -> number(reader.nextString());
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> {
                reader.nextNull();
                yield NULL;
            }
            default -> throw new MalformedJsonException("no such value at " + reader.getPath());
        };
    }

    /** The next value, which must be an object, with what {@code content} makes of each of its values, in order. */
    static <T> Map<String, T> object(JsonReader reader, Content<T> content) throws IOException {
        Map<String, T> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.containsKey(name)) {
                throw new MalformedJsonException("\"" + name + "\" stands twice in an object");
            }
            object.put(name, content.read(reader));
        }
        reader.endObject();
        return object;
    }

    private static List<Object> array(JsonReader reader) throws IOException {
        List<Object> array = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(value(reader));
        }
        reader.endArray();
        return array;
    }

    private static Object number(String text) throws IOException {
        // Long.parseLong is not asked to tell: an exception for each decimal is slow.
        if (text.length() < 19 && text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))) {
            return Long.parseLong(text);
        }
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw new MalformedJsonException("the number " + text + " is too large");
        }
        return number;
    }
}
