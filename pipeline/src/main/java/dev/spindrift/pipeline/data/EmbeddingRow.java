package dev.spindrift.pipeline.data;

/**
 * A row of {@code EMBEDDINGS_<MODEL>}: the vector of one distinct text.
 *
 * @param embedding as many finite numbers as the model has dimensions
 */
@SuppressWarnings("ArrayRecordComponent") // a stream value: serialized, never compared
public record EmbeddingRow(String embeddingKey, float[] embedding, int tokens) {}
