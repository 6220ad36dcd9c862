package dev.spindrift.pipeline.cli;

import java.io.PrintStream;
import java.nio.file.Path;

/** Hands documents to a publisher and counts them aloud. */
final class PublishProgress implements DocumentFiles.Receiver {
    private static final int EVERY = 1000;

    private final PrintStream out;
    private final DocumentPublisher publisher;
    private long documents;
    private long bytes;
    private long skipped;
    private long unreadable;

    PublishProgress(DocumentPublisher publisher, PrintStream out) {
        this.publisher = publisher;
        this.out = out;
    }

    @Override
    public void document(String id, byte[] value) {
        publisher.publish(id, value);
        documents++;
        bytes += value.length;
        if (documents % EVERY == 0) {
            out.printf("published %,d documents, %,d KiB%n", documents, bytes >> 10);
            out.flush();
        }
    }

    @Override
    public void unreadable(String where, String why) {
        unreadable++;
        out.printf("Cannot publish %s: %s.%n", where, why);
    }

    @Override
    public void skipped(Path file) {
        skipped++;
    }

    long unreadable() {
        return unreadable;
    }

    void finish() {
        out.printf(
                "published %,d documents, %,d KiB; %,d files of other kinds skipped, %,d unreadable%n",
                documents, bytes >> 10, skipped, unreadable);
        out.flush();
    }
}
