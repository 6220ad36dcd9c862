package dev.spindrift.udf.token;

/**
 * The tokens of one text.
 *
 * @param ids the model's id of each token
 * @param starts where each token begins in the text, in UTF-16 units; never decreasing
 * @param ends where each token ends in the text (exclusive), in UTF-16 units; never decreasing
 */
@SuppressWarnings("ArrayRecordComponent") // read by index in tight loops, never compared
public record Tokens(int[] ids, int[] starts, int[] ends) {

    public Tokens {
        if (ids.length != starts.length || ids.length != ends.length) {
            throw new IllegalArgumentException("Cannot hold tokens: " + ids.length + " ids, " + starts.length
                    + " starts and " + ends.length + " ends differ in number.");
        }
    }

    public int size() {
        return ids.length;
    }
}
