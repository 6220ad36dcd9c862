package dev.spindrift.udf.embed;

import java.util.concurrent.atomic.AtomicInteger;

/** Most tokens of one batch: what was set, halved by each batch for which the device lacked memory. */
final class TokenBudget {
    private final AtomicInteger tokens;

    TokenBudget(int tokens) {
        this.tokens = new AtomicInteger(tokens);
    }

    int tokens() {
        return tokens.get();
    }

    void halve() {
        tokens.updateAndGet(now -> Math.max(1, now / 2));
    }
}
