package dev.spindrift.pipeline.source;

/** Where a job that starts without a checkpoint begins to read. */
public enum StartFrom {
    /** At the oldest record of each partition. */
    EARLIEST,
    /** Behind the newest record of each partition. */
    LATEST,
    /** Where the consumer group committed last; at the oldest record where it never did. */
    GROUP
}
