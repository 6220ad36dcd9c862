package dev.spindrift.udf.huggingface;

/** The hub, or a store that it sent us to, refused a request, and would again. */
final class HubAnswerException extends RuntimeException {
    private final int status;
    private final String code;
    private final boolean byHub;

    /**
     * Creates one.
     *
     * @param status of HTTP
     * @param code what the hub calls it, such as {@code GatedRepo}; may be empty
     * @param byHub whether it was the hub itself
     */
    HubAnswerException(int status, String code, boolean byHub) {
        super("the " + (byHub ? "hub" : "hub's store") + " answered " + status + (code.isEmpty() ? "" : " " + code));
        this.status = status;
        this.code = code;
        this.byHub = byHub;
    }

    /** What to tell the one who asked for {@code model}. */
    IllegalArgumentException about(String model, boolean hasToken) {
        return new IllegalArgumentException("Cannot download " + model + ": " + reason(hasToken), this);
    }

    private String reason(boolean hasToken) {
        if (!byHub) {
            return getMessage() + ". Try again later.";
        }
        if (code.equals("GatedRepo") || status == 403) {
            return "it is gated. Accept its licence on the model's page, and set HF_TOKEN to a token of that account.";
        }
        if (code.equals("RevisionNotFound")) {
            return "the hub has no such revision of it. Check the branch, tag or commit.";
        }
        if (status == 401 && hasToken) {
            return "the hub does not accept the token, or there is no such model. Check HF_TOKEN and the model's id.";
        }
        if (status == 401 || status == 404) {
            return "the hub has no such model, or only for those who may see it. Check the model's id; for a private"
                    + " or gated model set HF_TOKEN and accept its licence on the model's page.";
        }
        return getMessage() + ". Check HF_ENDPOINT.";
    }
}
