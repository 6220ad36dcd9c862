package dev.spindrift.udf.model;

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

    /** How this model cuts a text into tokens. */
    Tokenizer tokenizer();

    /**
     * The vectors of {@code texts} in their order, from one forward pass on the calling thread.
     *
     * @throws IllegalArgumentException if a text is not fit for this model (longer than {@code info().maxTokens()})
     * @throws DeviceMemoryException if the device had too little memory for this many tokens at once
     */
    float[][] embed(List<String> texts);

    /** Frees what the model holds. Calls still under way must have ended. */
    @Override
    void close();
}
