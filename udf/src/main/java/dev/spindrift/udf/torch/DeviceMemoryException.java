package dev.spindrift.udf.torch;

/** The device had too little memory for one batch. A smaller one may pass. */
public final class DeviceMemoryException extends RuntimeException {
    public DeviceMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
