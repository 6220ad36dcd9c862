package dev.spindrift.udf.chunk;

import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts texts into chunks that a model can read whole, on their structure first and stable under edits.
 *
 * <p>It promises, whatever the text and whatever the tokenizer does:
 *
 * <ul>
 *   <li>The chunks less their overlaps are the text, character for character. A text without characters has no chunks; one
 *       of only white space has a chunk like any other.
 *   <li>No chunk, with its overlap and tokenized by itself, has more tokens than the model reads.
 *   <li>Nothing is cut inside a grapheme, unless a single one exceeds what the model reads; nothing inside a code point.
 *   <li>A heading stands at the start of its chunk, and no overlap reaches back over one.
 *   <li>The same text gives the same chunks, and an edit changes only those around it ({@link Cuts} says how).
 *   <li>Time grows with the length of the text and memory stays in proportion to it.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Chunker {
    /** Changes whenever any text could be cut differently than before. */
    private static final String ALGORITHM = "spindrift-chunker-1";

    /** What tells one tokenizer from another: words, numbers, case, accents, scripts, spaces and an emoji. */
    private static final String PROBE =
            "The quick brown fox, unbelievably 1234567.89 times: re-tokenize(\"naïve\");\n\t"
                    + "Привет мир, Ελληνικά, مرحبا, שלום, हिन्दी, ภาษาไทย, 漢字かな交じり文。 한국어 👩‍👩‍👧 ﬁn  aaaaaaaaaaaaaaaaaaaaaaaa";

    private final Tokenizer tokenizer;
    private final Limits limits;
    private final String fingerprint;

    /**
     * Prepares to cut texts.
     *
     * @param tokenizer the model's own
     * @param maxTokens most tokens that the model reads, special tokens not counted
     */
    public Chunker(ChunkSettings settings, Tokenizer tokenizer, int maxTokens) {
        if (settings.targetTokens() > maxTokens) {
            throw new IllegalArgumentException("Cannot cut chunks: chunk.target-tokens is " + settings.targetTokens()
                    + " and the model reads " + maxTokens + " tokens. Set chunk.target-tokens to " + maxTokens
                    + " or less.");
        }
        this.tokenizer = tokenizer;
        this.limits = Limits.of(settings, maxTokens);
        this.fingerprint = Fingerprint.of(
                ALGORITHM,
                "target " + settings.targetTokens(),
                "overlap " + settings.overlapTokens(),
                "max " + maxTokens,
                probe(tokenizer));
    }

    private static String probe(Tokenizer tokenizer) {
        Tokens tokens = tokenizer.tokenize(PROBE);
        return Arrays.toString(tokens.ids()) + Arrays.toString(tokens.starts()) + Arrays.toString(tokens.ends());
    }

    /** 32 hex digits that name all that decides how a text is cut: the algorithm, the settings and the tokenizer. */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * The chunks of {@code text}, in its order.
     *
     * @param mediaType {@code text/markdown} or {@code text/x-markdown} for Markdown; anything else is read as plain text
     * @throws IllegalArgumentException if a single code point has more tokens than the model reads
     */
    public List<Chunk> chunk(String text, String mediaType) {
        if (text.isEmpty()) {
            return List.of();
        }
        Outline outline = Outline.of(text, mediaType);
        Graphemes graphemes = Graphemes.of(text);
        Cutter cutter = new Cutter(text, outline, graphemes, tokenizer, limits);
        cutter.cut();
        return chunks(text, outline, cutter, new Overlaps(text, graphemes, tokenizer));
    }

    private List<Chunk> chunks(String text, Outline outline, Cutter cutter, Overlaps overlaps) {
        IntList starts = cutter.starts();
        List<Chunk> chunks = new ArrayList<>(starts.size());
        Place place = new Place(text);
        for (int i = 0; i < starts.size(); i++) {
            int start = starts.get(i);
            int end = i + 1 < starts.size() ? starts.get(i + 1) : text.length();
            ModelInput input = cutter.inputs().get(i);
            int from = i == 0 ? start : overlapStart(starts.get(i - 1), start, input.tokens(), outline, overlaps);
            if (from < start) {
                ModelInput whole = tokenizer.document(text.substring(from, end));
                input = whole.tokens() <= limits.cap() ? whole : input;
            }
            int endPoint = place.codePoints(end);
            int startPoint =
                    endPoint - input.text().codePointCount(0, input.text().length());
            chunks.add(new Chunk(i, startPoint, endPoint, heading(text, outline, start, end), input));
        }
        return chunks;
    }

    private int overlapStart(int previous, int start, int tokens, Outline outline, Overlaps overlaps) {
        int headings = outline.headingsBefore(start + 1);
        int floor = headings == 0
                ? previous
                : Math.max(previous, outline.headings().get(headings - 1).end());
        return overlaps.start(floor, start, Math.min(limits.overlap(), limits.cap() - tokens));
    }

    /** The path of headings over the first line between {@code start} and {@code end} that is no heading itself. */
    private static String heading(String text, Outline outline, int start, int end) {
        int next = outline.headingsBefore(start);
        int at = Breaks.skipSpace(text, start, end);
        while (next < outline.headings().size() && outline.headings().get(next).start() <= at && at < end) {
            Heading heading = outline.headings().get(next);
            if (heading.end() >= end) {
                next++;
                break;
            }
            at = Breaks.skipSpace(text, heading.end(), end);
            next++;
        }
        return next == 0 ? "" : outline.headings().get(next - 1).path();
    }

    /** Turns ascending places in a text from UTF-16 units into code points. */
    private static final class Place {
        private final String text;
        private int unit;
        private int codePoint;

        Place(String text) {
            this.text = text;
        }

        int codePoints(int at) {
            codePoint += text.codePointCount(unit, at);
            unit = at;
            return codePoint;
        }
    }
}
