package dev.spindrift.udf.chunk;

import org.jspecify.annotations.Nullable;

/**
 * A Markdown heading.
 *
 * @param start where its first line begins, in UTF-16 units
 * @param end where its last line ends, before the line break
 * @param parent the nearest heading before it of a lower level; null if there is none
 */
record Heading(
        int start,
        int end,
        int level,
        String title,
        @Nullable Heading parent) {
    private static final String SEPARATOR = " > ";

    /** The titles from the outermost heading down to this one; headings without a title are passed over. */
    String path() {
        String above = parent == null ? "" : parent.path();
        if (title.isEmpty() || above.isEmpty()) {
            return above + title;
        }
        return above + SEPARATOR + title;
    }
}
