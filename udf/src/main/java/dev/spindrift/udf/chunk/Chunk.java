package dev.spindrift.udf.chunk;

import dev.spindrift.udf.token.ModelInput;

/**
 * One piece of a text.
 *
 * @param position 0 for the first chunk of the text, 1 for the next
 * @param start where it begins in the text, in Unicode code points (as Snowflake's SUBSTR and Python count)
 * @param end where it ends (exclusive), in Unicode code points. The next chunk begins at or before it: what lies
 *     between that chunk's start and this end is their overlap
 * @param heading the Markdown headings above it, outermost first, joined by {@code " > "}; empty if there are none
 * @param input its text, which is exactly the characters from {@code start} to {@code end}, as the model reads it
 */
public record Chunk(int position, int start, int end, String heading, ModelInput input) {

    /** Its text. */
    public String text() {
        return input.text();
    }

    /** How many tokens its text has. */
    public int tokens() {
        return input.tokens();
    }
}
