package dev.spindrift.udf.model;

import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.DeviceMemoryException;
import java.util.List;

/**
 * A loaded model. Thread-safe.
 *
 * <p>A text's vector depends on nothing but the text: alone or in any batch, it is the same to the last bit on the
 * same kind of processor.
 */
public interface EmbeddingModel extends AutoCloseable {

    /** What this model is. */
    ModelInfo info();

    /** How this model cuts a text into tokens, and what it reads of one. */
    Tokenizer tokenizer();

    /**
     * The vectors of {@code inputs} in their order, from one forward pass on the calling thread.
     *
     * @param inputs what {@link #tokenizer()} made of the texts
     * @throws IllegalArgumentException if a text is not fit for this model (longer than {@code info().maxTokens()})
     * @throws DeviceMemoryException if the device had too little memory for this many tokens at once
     */
    float[][] embed(List<ModelInput> inputs);

    /** The vector of a text that is to be found. */
    default float[] embedDocument(String text) {
        return embed(List.of(tokenizer().document(text)))[0];
    }

    /** The vector of a text that others are to be found by. */
    default float[] embedQuery(String text) {
        return embed(List.of(tokenizer().query(text)))[0];
    }

    /** Frees what the model holds. Calls still under way must have ended. */
    @Override
    void close();
}
