package dev.spindrift.udf.embed;

/** The engine or its device no longer works, whatever the text. Nothing was decided about the text. */
public final class EngineLostException extends RuntimeException {
    EngineLostException(String message) {
        super(message);
    }

    EngineLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
