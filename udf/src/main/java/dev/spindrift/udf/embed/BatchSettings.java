package dev.spindrift.udf.embed;

import java.time.Duration;

/**
 * How texts are gathered into batches.
 *
 * @param maxBatchTokens most tokens of one forward pass; a longer single text still goes, alone. On a CPU more than
 *     2048 gains nothing
 * @param linger longest time a text waits for its batch to fill; raising it buys fuller batches while few texts come,
 *     and costs that much delay
 * @param maxQueuedTokens most tokens that wait, not counting that each caller always has room for its share; beyond it
 *     callers block
 * @param workers threads per device that run forward passes; 0 to have it measured on a CPU, and two on a GPU
 */
public record BatchSettings(int maxBatchTokens, Duration linger, int maxQueuedTokens, int workers) {
    private static final int MOST_WORKERS = 256;
    private static final int ON_CPU = 2048;
    private static final int ON_GPU = 1 << 15;

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
        if (workers < 0 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    "Cannot run " + workers + " workers. Give workers from 0 (measured) to " + MOST_WORKERS + ".");
        }
    }

    /** Settings for a device such as {@code cpu} or {@code cuda:0}: 5 ms of linger, and batches as it likes them. */
    public static BatchSettings of(String device) {
        return of(device, 0, Duration.ofMillis(5));
    }

    /**
     * Settings for a device.
     *
     * @param maxBatchTokens 0 for 2048 on a CPU and 32,768 on a GPU
     */
    public static BatchSettings of(String device, int maxBatchTokens, Duration linger) {
        int standard = device.equals("cpu") ? ON_CPU : ON_GPU;
        int tokens = maxBatchTokens == 0 ? standard : maxBatchTokens;
        return new BatchSettings(tokens, linger, Math.max(1 << 16, Math.multiplyExact(4, tokens)), 0);
    }
}
