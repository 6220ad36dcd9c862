package dev.spindrift.pipeline.warehouse;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spindrift.udf.model.GoldenTexts;
import java.util.List;
import java.util.Locale;

/**
 * The vectors that a model made of the golden texts ({@link GoldenTexts}), as {@code MODELS} keeps them.
 *
 * @param madeBy the model by its pinned name, and the device, build and processor that it ran on, for people
 */
public record GoldenVectors(
        @JsonProperty("made_by") String madeBy,
        @JsonProperty("vectors") List<float[]> vectors) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As JSON, with numbers that read back exactly. */
    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write golden vectors as JSON.", e);
        }
    }

    static GoldenVectors parse(String json) {
        try {
            return JSON.readValue(json, GoldenVectors.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Cannot read the golden vectors in MODELS: " + e.getOriginalMessage()
                            + ". Set GOLDEN to NULL to have them made again.",
                    e);
        }
    }

    /**
     * Refuses to write beside vectors that another machine or build made otherwise.
     *
     * @param before what the model made of the same texts when {@code model}'s table was begun
     * @throws OtherVectorsException if these differ from them by more than rounding does
     */
    public void check(GoldenVectors before, ModelTable model) {
        GoldenTexts.Difference difference = GoldenTexts.compare(before.vectors, vectors);
        if (!difference.isWithin(model.precision())) {
            throw new OtherVectorsException(String.format(
                    Locale.ROOT,
                    "Cannot use model %s here: it gives other vectors than those in %s. The golden texts' differ by up"
                            + " to %.1e in one number, least cosine %.6f, which is more than rounding does in %s."
                            + " Here: %s. Before: %s. Run the job on machines like those, or give the model another"
                            + " name in embed.model and process the documents again. To take these vectors for as good,"
                            + " set GOLDEN to NULL where TABLE_NAME = '%s' in MODELS.",
                    model.modelId(),
                    model.name(),
                    difference.largest(),
                    difference.cosine(),
                    model.precision(),
                    madeBy,
                    before.madeBy,
                    model.name()));
        }
    }
}
