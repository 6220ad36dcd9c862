package dev.spindrift.pipeline.sink;

/**
 * A Parquet file on the stage, whole and never changed: what a writer asks the committer to commit.
 *
 * @param table whose rows it holds
 * @param name unique for ever: {@code <job>/<uuid>.parquet}; what the ledger knows it by
 * @param checkpointId the checkpoint it belongs to, {@link #UNKNOWN_CHECKPOINT} while only the writer has it
 */
record StagedFile(StagedTable table, String name, long rows, long bytes, long checkpointId) {
    static final long UNKNOWN_CHECKPOINT = -1;

    StagedFile inCheckpoint(long id) {
        return new StagedFile(table, name, rows, bytes, id);
    }

    /** Its name without the folder, as {@code COPY} lists it. */
    String shortName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
