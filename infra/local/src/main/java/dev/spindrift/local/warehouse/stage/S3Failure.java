package dev.spindrift.local.warehouse.stage;

/** A request that S3 would refuse, with its status and code. */
final class S3Failure extends RuntimeException {
    private final int status;
    private final String code;

    S3Failure(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static S3Failure refused() {
        return new S3Failure(403, "AccessDenied", "The credentials do not cover this request");
    }

    static S3Failure expired() {
        return new S3Failure(400, "ExpiredToken", "The credentials have run out or were never given");
    }

    static S3Failure missing() {
        return new S3Failure(404, "NoSuchKey", "There is no such file on the stage");
    }

    int status() {
        return status;
    }

    String xml() {
        return "<Error>" + Xml.element("Code", code) + Xml.element("Message", String.valueOf(getMessage()))
                + "</Error>";
    }
}
