package dev.spindrift.udf.embed;

/**
 * Most tokens of one batch on one device: what was set, less what failures for want of memory taught.
 *
 * <p>A batch that failed halves it, to half of what that batch held. After a streak of batches that nearly filled it
 * and passed, it grows by a sixteenth of the setting, up to the setting. Each failure doubles the streak that is asked
 * for, so that a device whose memory stays short is tried ever more rarely.
 */
final class TokenBudget {
    private static final int STEPS = 16;
    private static final int SHORTEST_STREAK = 64;
    private static final int LONGEST_STREAK = 1 << 14;

    private final int setting;
    private int tokens;
    private int streak;
    private int asked = SHORTEST_STREAK / 2;

    TokenBudget(int setting) {
        this.setting = setting;
        this.tokens = setting;
    }

    synchronized int tokens() {
        return tokens;
    }

    /** A batch that cost this much was too large. Two that ran side by side halve it once. */
    synchronized void failed(long cost) {
        tokens = (int) Math.max(1, Math.min(tokens, cost / 2));
        asked = Math.min(LONGEST_STREAK, 2 * asked);
        streak = 0;
    }

    /** A batch that cost this much passed. */
    synchronized void passed(long cost) {
        if (tokens < setting && cost >= tokens * 3L / 4) {
            streak++;
            if (streak >= asked) {
                tokens = Math.min(setting, tokens + Math.max(1, setting / STEPS));
                streak = 0;
            }
        }
    }
}
