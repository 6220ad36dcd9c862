package dev.spindrift.udf.embed;

/** This text cannot be embedded, however often it is tried: too long, or its vector is not finite. */
public final class RejectedTextException extends RuntimeException {
    public RejectedTextException(String reason) {
        super(reason);
    }
}
