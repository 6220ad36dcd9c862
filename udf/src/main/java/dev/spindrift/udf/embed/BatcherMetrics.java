package dev.spindrift.udf.embed;

import dev.spindrift.udf.embed.IdleTime.Reason;
import java.util.List;

/**
 * What the batcher of a model has done since it was made, and what waits, at one moment. Counts cover all devices and
 * all who share it.
 *
 * @param queuedTexts texts that wait
 * @param queuedTokens tokens that wait
 * @param passes forward passes that succeeded
 * @param texts texts that got their vector
 * @param tokens tokens of those texts, without prompts and special tokens
 * @param computedTokens what those passes computed: all that went to the device, prompts and special tokens included
 * @param offeredTokens what those passes had room for
 * @param rejected texts refused
 * @param memorySplits passes that failed for want of memory
 * @param batchTokens most tokens of the next batch: the setting, less what those failures taught; of the device where
 *     it is least
 * @param workers threads that run forward passes
 * @param forwardNanos time all workers together spent in forward passes, copies to and from the device included
 * @param noInputNanos idle time of the devices because nobody had a text to embed. Idle time is counted in units of
 *     which a CPU has as many as workers, and a GPU one
 * @param gatheringNanos idle time while texts waited for their batch to fill
 * @param backpressureNanos idle time while no text waited and a caller had not taken its answers ({@link
 *     Embedder#taken})
 * @param medianWaitNanos time in the queue that half of the last 1024 texts did not exceed
 * @param longWaitNanos time in the queue that 99 in 100 of the last 1024 texts did not exceed
 */
public record BatcherMetrics(
        int queuedTexts,
        long queuedTokens,
        long passes,
        long texts,
        long tokens,
        long computedTokens,
        long offeredTokens,
        long rejected,
        long memorySplits,
        int batchTokens,
        int workers,
        long forwardNanos,
        long noInputNanos,
        long gatheringNanos,
        long backpressureNanos,
        long medianWaitNanos,
        long longWaitNanos) {

    static BatcherMetrics of(
            List<Replica> replicas, BatchQueue<?> queue, Counts counts, WaitTimes waits, IdleTime idle, long now) {
        return new BatcherMetrics(
                queue.size(),
                queue.cost(),
                counts.passes.sum(),
                counts.texts.sum(),
                counts.tokens.sum(),
                counts.computedTokens.sum(),
                counts.offeredTokens.sum(),
                counts.rejected.sum(),
                counts.memorySplits.sum(),
                replicas.stream()
                        .mapToInt(replica -> replica.budget.tokens())
                        .min()
                        .orElseThrow(),
                replicas.stream().mapToInt(replica -> replica.workers).sum(),
                counts.forwardNanos.sum(),
                idle.nanos(Reason.NO_INPUT, now),
                idle.nanos(Reason.GATHERING, now),
                idle.nanos(Reason.BACKPRESSURE, now),
                waits.quantile(0.5),
                waits.quantile(0.99));
    }

    /** Tokens of texts per token computed: what prompts, special tokens and padding leave; 1 before the first. */
    public double usefulShare() {
        return computedTokens == 0 ? 1 : (double) tokens / computedTokens;
    }

    /** Tokens computed per token that the batches had room for; 1 before the first. */
    public double batchFill() {
        return offeredTokens == 0 ? 1 : (double) computedTokens / offeredTokens;
    }
}
