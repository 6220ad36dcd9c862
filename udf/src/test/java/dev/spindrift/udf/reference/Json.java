package dev.spindrift.udf.reference;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** JSON as Python's libraries write it. */
final class Json {
    private static final Gson PRETTY = new GsonBuilder()
            .serializeNulls()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .create();
    private static final Gson PLAIN = new Gson();

    private Json() {}

    /** An object of fields and their values by turns. */
    static JsonObject object(@Nullable Object... fieldsAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            object.add(String.valueOf(fieldsAndValues[i]), PLAIN.toJsonTree(fieldsAndValues[i + 1]));
        }
        return object;
    }

    /** An array of values. */
    static JsonArray array(@Nullable Object... values) {
        return PLAIN.toJsonTree(values).getAsJsonArray();
    }

    static void write(Path file, Object json) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, PRETTY.toJson(json));
    }

    static JsonObject read(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }
}
