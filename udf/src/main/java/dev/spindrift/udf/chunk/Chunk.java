package dev.spindrift.udf.chunk;

/**
 * One piece of a text.
 *
 * @param position 0 for the first chunk of the text, 1 for the next
 * @param text exactly the characters from {@code start} to {@code end}; what the model reads
 * @param start where it begins in the text, in Unicode code points (as Snowflake's SUBSTR and Python count)
 * @param end where it ends (exclusive), in Unicode code points. The next chunk begins at or before it: what lies
 *     between that chunk's start and this end is their overlap
 * @param heading the Markdown headings above it, outermost first, joined by {@code " > "}; empty if there are none
 * @param tokens how many tokens the model reads in {@code text}
 */
public record Chunk(int position, String text, int start, int end, String heading, int tokens) {}
