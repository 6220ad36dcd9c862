package dev.spindrift.pipeline.cli;

import org.jspecify.annotations.Nullable;

/** A command could not do what it was asked to; its message says what, why, and the way out. */
final class CommandFailedException extends RuntimeException {
    CommandFailedException(String message) {
        this(message, null);
    }

    CommandFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
