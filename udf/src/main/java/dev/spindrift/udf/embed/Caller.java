package dev.spindrift.udf.embed;

/** One of those who share a batcher, as the batcher sees it. Guarded by the batcher's lock. */
final class Caller {
    final BatchQueue.Source<Request> source;
    boolean closed;

    /** Texts that are queued or in the model. */
    int unanswered;

    /** Texts that it has not said to have taken. */
    private int untaken;

    /** Whether it says so at all. */
    private boolean reports;

    Caller(BatchQueue.Source<Request> source) {
        this.source = source;
    }

    void asked() {
        untaken++;
    }

    void taken() {
        reports = true;
        untaken--;
    }

    /** Whether it has answers that it has not taken. */
    boolean holdsBack() {
        return reports && untaken > unanswered;
    }
}
