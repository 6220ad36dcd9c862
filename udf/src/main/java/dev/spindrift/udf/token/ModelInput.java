package dev.spindrift.udf.token;

/**
 * A text as a model reads it: tokenized once, by whoever came by the text first.
 *
 * @param text the text, without the prompt that a model puts before it
 * @param tokens how many tokens the text has, without prompt and special tokens
 * @param ids all that goes to the device, prompt and special tokens included; empty for a model that reads the text
 *     itself
 */
@SuppressWarnings("ArrayRecordComponent") // copied to a device as it is, never compared
public record ModelInput(String text, int tokens, int[] ids) {

    /** The ids of a model that reads the text itself. */
    public static final int[] NO_IDS = {};

    /** What it takes of a batch's budget of tokens, at least 1. */
    public int cost() {
        return Math.max(1, Math.max(tokens, ids.length));
    }
}
