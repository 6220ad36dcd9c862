package dev.spindrift.pipeline.sink;

import java.util.Set;

/**
 * What a commit did.
 *
 * @param files how many files it committed
 * @param alreadyCommitted names of the files that an earlier attempt had committed
 * @param documents documents that became current, deletions included
 * @param superseded staged documents that lost against a newer or equal one
 */
record CommitOutcome(
        int files,
        Set<String> alreadyCommitted,
        long documents,
        long superseded,
        long chunks,
        long vectors,
        long rejected) {

    static CommitOutcome nothing(Set<String> alreadyCommitted) {
        return new CommitOutcome(0, alreadyCommitted, 0, 0, 0, 0, 0);
    }
}
