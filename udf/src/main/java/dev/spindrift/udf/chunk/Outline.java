package dev.spindrift.udf.chunk;

import java.util.List;

/**
 * What an author structured a text by: its headings, and where sections, paragraphs and lines begin.
 *
 * @param sections where a heading (or the first of several in a row) begins what has to start a chunk; never 0
 * @param paragraphs where paragraphs begin, but for those right under a heading
 * @param lines where paragraphs begin, and lines that stand for themselves: list items, rows of tables, lines of code
 * @param headings in the order of the text
 */
record Outline(IntList sections, IntList paragraphs, IntList lines, List<Heading> headings) {

    /** The outline of {@code text}: of Markdown if its media type says so, else of plain paragraphs. */
    static Outline of(String text, String mediaType) {
        String type = mediaType.split(";", 2)[0].strip();
        boolean markdown = type.equalsIgnoreCase("text/markdown") || type.equalsIgnoreCase("text/x-markdown");
        return new OutlineReader(text, markdown).read();
    }

    /** How many headings begin before {@code at}. */
    int headingsBefore(int at) {
        int low = 0;
        int high = headings.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (headings.get(middle).start() < at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
