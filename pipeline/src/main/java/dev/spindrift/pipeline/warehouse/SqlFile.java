package dev.spindrift.pipeline.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The files of {@code sql/}, as this jar carries them. They are written for the built-in model, so that each runs as it
 * stands; for another model its table and dimension are put in their place.
 */
public final class SqlFile {
    private static final String BUILTIN_TABLE = "EMBEDDINGS_BUILTIN";
    private static final String BUILTIN_TYPE = "VECTOR(FLOAT, 256)";

    private SqlFile() {}

    /** The text of {@code sql/<name>}, for the built-in model. */
    public static String read(String name) {
        try (InputStream in = SqlFile.class.getResourceAsStream("/sql/" + name)) {
            if (in == null) {
                throw new IllegalStateException("Cannot find sql/" + name + " in the jar. Build it again.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read sql/" + name + " from the jar.", e);
        }
    }

    /** The text of {@code sql/<name>}, for {@code model}. */
    public static String read(String name, ModelTable model) {
        return read(name).replace(BUILTIN_TABLE, model.name()).replace(BUILTIN_TYPE, model.vectorType());
    }
}
