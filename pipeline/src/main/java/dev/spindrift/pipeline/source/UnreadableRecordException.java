package dev.spindrift.pipeline.source;

/** Why a record is not a document; becomes the reason of its rejection and never leaves this package. */
final class UnreadableRecordException extends Exception {
    private final String reason;

    UnreadableRecordException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
