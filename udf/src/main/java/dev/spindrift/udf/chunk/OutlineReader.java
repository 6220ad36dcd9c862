package dev.spindrift.udf.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the outline of one text in one pass over its lines. */
final class OutlineReader {
    /** HTML whose lines are not Markdown, each with what ends it. */
    private static final Map<String, String> RAW = Map.of(
            "<!--", "-->", "<pre", "</pre>", "<script", "</script>", "<style", "</style>", "<textarea", "</textarea>");

    private final String text;
    private final boolean markdown;
    private final IntList sections = new IntList();
    private final IntList paragraphs = new IntList();
    private final IntList lines = new IntList();
    private final List<Heading> headings = new ArrayList<>();

    /** What was read so far but for white space; what {@code before} keeps is how it was before this paragraph. */
    private Read read = Read.NOTHING;

    private Read before = Read.NOTHING;

    private boolean inParagraph;
    private int paragraphStart;
    private boolean underlinable;
    private boolean thoughtEnded;
    private char fence;
    private int fenceLength;
    private @Nullable String rawEnd;

    private enum Read {
        NOTHING,
        HEADING,
        BODY
    }

    OutlineReader(String text, boolean markdown) {
        this.text = text;
        this.markdown = markdown;
    }

    Outline read() {
        int at = markdown ? skipFrontMatter() : 0;
        while (at < text.length()) {
            MarkdownLine line = MarkdownLine.at(text, at);
            read(line);
            at = line.next();
        }
        return new Outline(sections, paragraphs, lines, headings);
    }

    /** Where the text goes on after a block of metadata between two lines {@code ---} at its very start; else 0. */
    private int skipFrontMatter() {
        MarkdownLine line = MarkdownLine.at(text, 0);
        if (!isFrontMatterFence(line)) {
            return 0;
        }
        while (line.next() < text.length()) {
            line = MarkdownLine.at(text, line.next());
            if (line.isBlank()) {
                return 0;
            }
            if (isFrontMatterFence(line)) {
                read = Read.BODY;
                return line.next();
            }
        }
        return 0;
    }

    private static boolean isFrontMatterFence(MarkdownLine line) {
        return line.content() == line.start() && line.run('-') == 3 && line.isBlankFrom(line.start() + 3);
    }

    private void read(MarkdownLine line) {
        if (!markdown) {
            readText(line);
        } else if (fence != 0) {
            readFenced(line);
        } else if (rawEnd != null) {
            readRaw(line, rawEnd, line.start());
        } else if (line.opensFence()) {
            startBlock(line.start());
            fence = text.charAt(line.content());
            fenceLength = line.run(fence);
        } else if (line.headingLevel() > 0) {
            int level = line.headingLevel();
            addHeading(line.start(), line.end(), level, line.headingTitle(level));
        } else if (inParagraph && underlinable && line.underlineLevel() > 0) {
            paragraphs.dropFrom(paragraphStart);
            lines.dropFrom(paragraphStart);
            read = before;
            String title = MarkdownLine.title(text, paragraphStart, line.start());
            addHeading(paragraphStart, line.end(), line.underlineLevel(), title);
        } else {
            readText(line);
        }
    }

    private void readText(MarkdownLine line) {
        if (line.isBlank()) {
            inParagraph = false;
            return;
        }
        if (!inParagraph) {
            startBlock(line.start());
            underlinable = !line.isIndented() && !line.opensItem();
            inParagraph = true;
            openRaw(line);
        } else if (thoughtEnded || line.opensItem() || line.isIndented()) {
            lines.add(line.start());
        }
        thoughtEnded = line.endsThought();
    }

    private void openRaw(MarkdownLine line) {
        if (!markdown || line.isIndented() || text.charAt(line.content()) != '<') {
            return;
        }
        RAW.forEach((start, end) -> {
            if (text.regionMatches(true, line.content(), start, 0, start.length())) {
                readRaw(line, end, line.content() + start.length());
            }
        });
    }

    private void readRaw(MarkdownLine line, String end, int from) {
        boolean ended = line.contains(end, from);
        rawEnd = ended ? null : end;
        inParagraph = !ended;
        if (from == line.start() && !line.isBlank()) {
            lines.add(line.start());
        }
    }

    private void readFenced(MarkdownLine line) {
        int run = line.run(fence);
        if (!line.isIndented() && run >= fenceLength && line.isBlankFrom(line.content() + run)) {
            fence = 0;
            inParagraph = false;
        } else if (!line.isBlank()) {
            lines.add(line.start());
        }
    }

    /** Takes note of a paragraph; right under a heading, or as the first of the text, nothing may be cut before it. */
    private void startBlock(int start) {
        if (read == Read.BODY) {
            paragraphs.add(start);
            lines.add(start);
        }
        before = read;
        paragraphStart = start;
        read = Read.BODY;
    }

    /** Takes note of a heading; one right under another goes with it. */
    private void addHeading(int start, int end, int level, String title) {
        if (read == Read.BODY) {
            sections.add(start);
        } else if (read == Read.HEADING) {
            lines.add(start);
        }
        Heading parent = headings.isEmpty() ? null : headings.get(headings.size() - 1);
        while (parent != null && parent.level() >= level) {
            parent = parent.parent();
        }
        headings.add(new Heading(start, end, level, title, parent));
        read = Read.HEADING;
        inParagraph = false;
    }
}
