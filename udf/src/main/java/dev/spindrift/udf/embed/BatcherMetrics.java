package dev.spindrift.udf.embed;

/**
 * What a {@link Batcher} has done since it was made, and what waits, at one moment.
 *
 * @param queuedTexts texts that wait
 * @param queuedTokens tokens that wait
 * @param batches forward passes that succeeded
 * @param texts texts that got their vector
 * @param tokens tokens of those texts
 * @param rejected texts refused
 * @param batchTokens most tokens of the next batch: the setting, less what out-of-memory failures taught
 * @param busyNanos time all workers together spent in the model
 */
public record BatcherMetrics(
        int queuedTexts,
        long queuedTokens,
        long batches,
        long texts,
        long tokens,
        long rejected,
        int batchTokens,
        long busyNanos) {

    /** Mean tokens of a forward pass; 0 before the first. */
    public double meanBatchTokens() {
        return batches == 0 ? 0 : (double) tokens / batches;
    }
}
