package dev.spindrift.udf.model;

/**
 * What a model is, so that vectors of two models are never mixed.
 *
 * @param id its name, such as {@code builtin}, from which its table is named
 * @param fingerprint hex hash of everything that decides its vectors: weights, tokenizer, pooling, prompts, precision
 * @param dimension length of its vectors
 * @param maxTokens most tokens of a text that it reads, special tokens and prompt not counted
 * @param precision the numbers it computes with
 */
public record ModelInfo(String id, String fingerprint, int dimension, int maxTokens, Precision precision) {

    public ModelInfo {
        if (id.isBlank() || fingerprint.isBlank()) {
            throw new IllegalArgumentException("Cannot describe a model without an id and a fingerprint.");
        }
        if (dimension < 1 || dimension > 4096 || maxTokens < 1) {
            throw new IllegalArgumentException("Cannot describe model " + id + ": dimension " + dimension
                    + " must be 1 to 4096 (Snowflake's limit) and maxTokens " + maxTokens + " at least 1.");
        }
    }
}
