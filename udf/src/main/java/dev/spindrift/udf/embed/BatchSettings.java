package dev.spindrift.udf.embed;

import java.time.Duration;

/**
 * How texts are gathered into batches.
 *
 * @param maxBatchTokens most tokens of one forward pass; a longer single text still goes, alone. On a CPU more than
 *     2048 gains nothing
 * @param linger longest time the oldest text waits for its batch to fill; raising it buys fuller batches while few
 *     texts come, and costs that much delay
 * @param maxQueuedTokens most tokens that wait; beyond it callers block
 * @param workers threads that run forward passes, each of which keeps one core busy
 */
public record BatchSettings(int maxBatchTokens, Duration linger, int maxQueuedTokens, int workers) {
    private static final int MOST_WORKERS = 256;

    public BatchSettings {
        if (maxBatchTokens < 1) {
            throw new IllegalArgumentException(
                    "Cannot batch by " + maxBatchTokens + " tokens. Give maxBatchTokens of at least 1.");
        }
        if (linger.isNegative() || linger.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("Cannot linger " + linger + ". Give linger from 0 to 1 minute.");
        }
        if (maxQueuedTokens < maxBatchTokens) {
            throw new IllegalArgumentException("Cannot fill batches of " + maxBatchTokens + " tokens from a queue of "
                    + maxQueuedTokens + ". Give maxQueuedTokens of at least maxBatchTokens.");
        }
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    "Cannot run " + workers + " workers. Give workers from 1 to " + MOST_WORKERS + ".");
        }
    }

    /** Settings for a CPU: 2048 tokens a batch, 5 ms of linger, 65,536 tokens waiting, a worker per core up to 4. */
    public static BatchSettings defaults() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new BatchSettings(2048, Duration.ofMillis(5), 1 << 16, Math.min(4, cores));
    }
}
