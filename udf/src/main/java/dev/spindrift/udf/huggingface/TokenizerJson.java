package dev.spindrift.udf.huggingface;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json} on its way to the library that reads it, which ends the whole process over some mistakes in
 * one: checked to be JSON, and without the parts that are not used here.
 *
 * <p>Those are the decoder, which turns tokens back into text, and truncation and padding, which would change a text
 * silently.
 */
final class TokenizerJson {
    private static final Set<String> UNUSED = Set.of("decoder", "truncation", "padding");

    private TokenizerJson() {}

    /**
     * What the library is to get.
     *
     * @param file named in errors
     * @throws IllegalArgumentException if {@code json} is not strict JSON
     */
    static String checked(Object file, byte[] json) {
        return StrictJson.parse(file, ByteBuffer.wrap(json), reader -> {
            StringWriter out = new StringWriter(json.length);
            copy(reader, new JsonWriter(out));
            return out.toString();
        });
    }

    private static void copy(JsonReader reader, JsonWriter writer) throws IOException {
        int depth = 0;
        do {
            switch (reader.peek()) {
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    writer.beginObject();
                    depth++;
                }
                case END_OBJECT -> {
                    reader.endObject();
                    writer.endObject();
                    depth--;
                }
                case BEGIN_ARRAY -> {
                    reader.beginArray();
                    writer.beginArray();
                    depth++;
                }
                case END_ARRAY -> {
                    reader.endArray();
                    writer.endArray();
                    depth--;
                }
                case NAME -> copyName(reader, writer, depth == 1);
                case STRING -> writer.value(SubwordTokenizer.wellFormed(reader.nextString()));
                case NUMBER -> writer.jsonValue(reader.nextString());
                case BOOLEAN -> writer.value(reader.nextBoolean());
                case NULL -> {
                    reader.nextNull();
                    writer.nullValue();
                }
                case END_DOCUMENT -> throw new IOException("it ends too soon");
            }
        } while (depth > 0);
        writer.flush();
    }

    private static void copyName(JsonReader reader, JsonWriter writer, boolean top) throws IOException {
        String name = reader.nextName();
        if (top && UNUSED.contains(name)) {
            reader.skipValue();
            return;
        }
        writer.name(SubwordTokenizer.wellFormed(name));
        if (top && name.equals("post_processor")) {
            JsonElement processor = element(reader);
            checkTemplates(processor);
            writer.jsonValue(processor.toString());
        }
    }

    private static JsonElement element(JsonReader reader) throws IOException {
        try {
            return JsonParser.parseReader(reader);
        } catch (JsonParseException e) {
            throw new MalformedJsonException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A template must not name a special token that it does not define: the library takes that for granted. */
    private static void checkTemplates(JsonElement processor) throws IOException {
        if (!processor.isJsonObject()) {
            return;
        }
        JsonObject fields = processor.getAsJsonObject();
        if (fields.get("processors") instanceof JsonArray several) {
            for (JsonElement each : several) {
                checkTemplates(each);
            }
        }
        for (String template : List.of("single", "pair")) {
            if (fields.get(template) instanceof JsonArray parts) {
                for (JsonElement part : parts) {
                    checkDefined(part, fields.get("special_tokens"));
                }
            }
        }
    }

    private static void checkDefined(JsonElement part, @Nullable JsonElement defined) throws IOException {
        if (part instanceof JsonObject object && object.get("SpecialToken") instanceof JsonObject token) {
            JsonElement id = token.get("id");
            boolean known = id instanceof JsonPrimitive name
                    && defined instanceof JsonObject tokens
                    && tokens.get(name.getAsString()) instanceof JsonObject;
            if (!known) {
                throw new MalformedJsonException(
                        "its post_processor names the special token " + id + " and does not define it");
            }
        }
    }
}
