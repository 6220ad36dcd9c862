package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Closes a stream that has been silent for too long, which ends the read that waits for it: Java's HTTP client itself
 * waits for a body for ever.
 */
final class SilenceGuard implements AutoCloseable {
    private final Thread thread;
    private volatile long lastHeard = System.nanoTime();

    SilenceGuard(InputStream guarded, Duration longest) {
        this.thread = new Thread(() -> watch(guarded, longest.toNanos()), "spindrift-download-guard");
        thread.setDaemon(true);
        thread.start();
    }

    /** Says that something came. */
    void heard() {
        lastHeard = System.nanoTime();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch(InputStream guarded, long longest) {
        try {
            for (long left = longest; left > 0; left = longest - (System.nanoTime() - lastHeard)) {
                Thread.sleep(left / 1_000_000 + 1);
            }
            guarded.close();
        } catch (InterruptedException | IOException e) {
            // The body ended, or is closed already: nothing is left to guard.
        }
    }
}
