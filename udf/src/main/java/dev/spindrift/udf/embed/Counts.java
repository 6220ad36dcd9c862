package dev.spindrift.udf.embed;

import java.util.concurrent.atomic.LongAdder;

/** What a batcher's workers count; {@link BatcherMetrics} says what each is. */
final class Counts {
    final LongAdder passes = new LongAdder();
    final LongAdder texts = new LongAdder();
    final LongAdder tokens = new LongAdder();
    final LongAdder computedTokens = new LongAdder();
    final LongAdder offeredTokens = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder memorySplits = new LongAdder();
    final LongAdder forwardNanos = new LongAdder();

    /** Counts the text of {@code request}, {@code times} times. */
    void answered(Request request, int times) {
        texts.add(times);
        tokens.add((long) times * request.input().tokens());
    }
}
