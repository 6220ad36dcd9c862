package dev.spindrift.pipeline.warehouse;

import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.Precision;
import java.io.Serializable;
import java.util.Locale;

/**
 * The table of one model's vectors.
 *
 * @param modelId the name the model was asked for by
 * @param fingerprint what tells the model from any other, whatever its name
 * @param dimension length of its vectors
 * @param precision the numbers they are computed with
 */
public record ModelTable(String modelId, String fingerprint, int dimension, Precision precision)
        implements Serializable {
    private static final int LONGEST_NAME = 200;

    public static ModelTable of(ModelInfo model) {
        return new ModelTable(model.id(), model.fingerprint(), model.dimension(), model.precision());
    }

    /** Its name, such as {@code EMBEDDINGS_BUILTIN}: the id in upper case, with {@code _} for all but letters and digits. */
    public String name() {
        String id = modelId.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
        return "EMBEDDINGS_" + (id.length() > LONGEST_NAME ? id.substring(0, LONGEST_NAME) : id);
    }

    /** The type of its vectors, such as {@code VECTOR(FLOAT, 256)}. */
    public String vectorType() {
        return "VECTOR(FLOAT, " + dimension + ")";
    }
}
