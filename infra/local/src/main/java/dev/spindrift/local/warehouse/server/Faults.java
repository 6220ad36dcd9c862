package dev.spindrift.local.warehouse.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Faults on demand, for tests of what a client does about them. Each happens once, to the first statement that it fits.
 */
public final class Faults {
    private final List<Predicate<String>> lostReplies = new ArrayList<>();
    private final AtomicLong sessionEpoch = new AtomicLong();
    private volatile Duration patience = Duration.ofSeconds(10);

    Faults() {}

    /** Runs the next statement that fits, and closes the connection instead of answering. */
    public void loseReply(Predicate<String> statement) {
        synchronized (lostReplies) {
            lostReplies.add(statement);
        }
    }

    /** Makes every session token expire now; the drivers renew them. */
    public void expireTokens() {
        sessionEpoch.incrementAndGet();
    }

    /** How long a statement may run before the client is told to ask again later. */
    public void patience(Duration time) {
        patience = time;
    }

    boolean losesReply(String statement) {
        synchronized (lostReplies) {
            for (int i = 0; i < lostReplies.size(); i++) {
                if (lostReplies.get(i).test(statement)) {
                    lostReplies.remove(i);
                    return true;
                }
            }
            return false;
        }
    }

    long sessionEpoch() {
        return sessionEpoch.get();
    }

    Duration patience() {
        return patience;
    }
}
