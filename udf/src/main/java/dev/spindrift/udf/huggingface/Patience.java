package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.time.Duration;

/** How often and how long to wait for something that fails: twice as long each time, and not for ever. */
final class Patience {
    private static final int MOST_FAILURES = 5;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** What waiting is: sleeping, but for tests. */
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /** What may fail and be tried again. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    private final Pause pause;
    private int failures;

    Patience(Pause pause) {
        this.pause = pause;
    }

    /** What {@code attempt} gives when it first succeeds. */
    <T> T until(Attempt<T> attempt) throws IOException {
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                afterFailure(e);
            }
        }
    }

    /** Waits; or throws {@code failure} if it has been one too many. */
    void afterFailure(IOException failure) throws IOException {
        failures++;
        if (failures == MOST_FAILURES || Thread.currentThread().isInterrupted()) {
            throw failure;
        }
        Duration own = Duration.ofSeconds(1L << (failures - 1));
        Duration asked = failure instanceof HubHttp.PassingException passing ? passing.wait : Duration.ZERO;
        Duration time = asked.compareTo(own) > 0 ? asked : own;
        if (time.compareTo(LONGEST) > 0) {
            throw failure;
        }
        try {
            pause.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HubHttp.interrupted(e);
        }
    }

    /** Counts failures from none again. */
    void afterProgress() {
        failures = 0;
    }
}
