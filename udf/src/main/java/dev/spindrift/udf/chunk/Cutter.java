package dev.spindrift.udf.chunk;

import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Cuts one text into stretches that follow each other without a gap: the chunks before they are given their overlaps.
 *
 * <p>Each section is measured by its paragraphs and cut between them ({@link Cuts}); what is still too long is cut
 * between its lines, then its sentences, words and graphemes. Lengths are sums over pieces that the text itself ends, so
 * that an edit changes no length but its own. As the tokens of a piece need not be a slice of the tokens of the whole,
 * each stretch is counted once more as it is; if it exceeds the cap, it is cut again until it does not.
 */
final class Cutter {
    /** Most pieces that are looked at together; it bounds the memory that a large text takes. */
    private static final int MOST_PIECES = 1 << 20;

    /** Most characters that are given to the tokenizer at once, for the same reason. */
    private static final int BLOCK = 1 << 15;

    /** How many characters of a piece decide its hash. */
    private static final int HASHED = 64;

    private final String text;
    private final Outline outline;
    private final Graphemes graphemes;
    private final Tokenizer tokenizer;
    private final Limits limits;
    private final IntList starts = new IntList();
    private final List<ModelInput> inputs = new ArrayList<>();

    Cutter(String text, Outline outline, Graphemes graphemes, Tokenizer tokenizer, Limits limits) {
        this.text = text;
        this.outline = outline;
        this.graphemes = graphemes;
        this.tokenizer = tokenizer;
        this.limits = limits;
    }

    /** Cuts the text; afterwards {@link #starts} and {@link #inputs} tell how. */
    void cut() {
        int from = 0;
        for (int i = 0; i < outline.sections().size(); i++) {
            int to = outline.sections().get(i);
            cut(from, to, Level.PARAGRAPH);
            from = to;
        }
        cut(from, text.length(), Level.PARAGRAPH);
    }

    /** Where each stretch begins, in UTF-16 units; it ends where the next begins. */
    IntList starts() {
        return starts;
    }

    /** The text of each stretch as the model reads it. */
    List<ModelInput> inputs() {
        return inputs;
    }

    private void cut(int from, int to, Level level) {
        if (level == Level.GRAPHEME) {
            cutBetweenGraphemes(from, to);
            return;
        }
        for (int start = from; start < to; ) {
            Pieces pieces = pieces(start, to, level);
            cut(pieces, level);
            start = pieces.starts()[pieces.size()];
        }
    }

    private void cut(Pieces pieces, Level level) {
        BitSet cuts = Cuts.of(pieces, limits);
        int first = 0;
        while (first < pieces.size()) {
            int next = cuts.nextSetBit(first + 1);
            int start = pieces.starts()[first];
            int end = pieces.starts()[next];
            if (pieces.tokens()[next] - pieces.tokens()[first] <= limits.most()) {
                take(start, end);
            } else {
                cut(start, end, level.finer());
            }
            first = next;
        }
    }

    private Pieces pieces(int from, int to, Level level) {
        IntList places = new IntList();
        places.add(from);
        IntList lines = level == Level.PARAGRAPH ? outline.paragraphs() : outline.lines();
        int line = lines.firstAtLeast(from + 1);
        boolean byLine = level == Level.PARAGRAPH || level == Level.LINE;
        int at = byLine ? (line < lines.size() ? lines.get(line) : to) : from + 1;
        while (at < to && places.size() <= MOST_PIECES) {
            boolean starts = byLine || (line < lines.size() && lines.get(line) == at) || startsAt(at, from, level);
            if (starts && graphemes.isBoundary(at) && Breaks.skipSpace(text, places.last(), at) < at) {
                places.add(at);
            }
            if (line < lines.size() && lines.get(line) == at) {
                line++;
            }
            at = byLine ? (line < lines.size() ? lines.get(line) : to) : at + 1;
        }
        if (at >= to) {
            places.add(to);
        }
        return measured(places, level);
    }

    private boolean startsAt(int at, int from, Level level) {
        return Breaks.isSentenceStart(text, at, from) || (level == Level.WORD && Breaks.isWordStart(text, at));
    }

    private Pieces measured(IntList places, Level level) {
        int size = places.size() - 1;
        int[] at = new int[size + 1];
        int[] before = new int[size + 1];
        float[] strengths = new float[size + 1];
        float last = 0;
        for (int i = 0; i < size; i++) {
            at[i] = places.get(i);
            int end = places.get(i + 1);
            before[i + 1] = before[i] + count(at[i], end);
            float hash = hash(at[i], level == Level.PARAGRAPH ? end : text.length());
            strengths[i] = hash - last;
            last = hash;
        }
        at[size] = places.last();
        return new Pieces(at, before, strengths);
    }

    /** A number from 0 to 1 that the first characters from {@code from} decide, white space aside. */
    private float hash(int from, int to) {
        long hash = 0;
        int end = Math.min(to, from + 4 * HASHED);
        int hashed = 0;
        for (int at = from; at < end && hashed < HASHED; at++) {
            char c = text.charAt(at);
            if (!Breaks.isSpace(c)) {
                hash = (hash ^ c) * 0x9E3779B97F4A7C15L;
                hash ^= hash >>> 29;
                hashed++;
            }
        }
        hash *= 0xD6E8FEB86659FD93L;
        hash ^= hash >>> 32;
        return (hash & 0xFFFFFF) / (float) 0x1000000;
    }

    /** The tokens between two places; of a large stretch, the sum over its blocks. */
    private int count(int from, int to) {
        int count = 0;
        for (int start = from; start < to; ) {
            int end = blockEnd(start, to);
            count += tokenizer.count(text.substring(start, end));
            start = end;
        }
        return count;
    }

    private int blockEnd(int from, int to) {
        if (to - from <= BLOCK) {
            return to;
        }
        int end = graphemes.atOrBefore(from + BLOCK);
        return end > from ? end : Math.min(to, graphemes.atOrAfter(from + BLOCK));
    }

    /** Cuts what has not even words, such as base64, from the left whenever the target is reached. */
    private void cutBetweenGraphemes(int from, int to) {
        int start = from;
        int counted = 0;
        for (int block = from; block < to; ) {
            int end = blockEnd(block, to);
            Tokens read = tokenizer.tokenize(text.substring(block, end));
            for (int i = 0; i < read.size(); i++) {
                int at = block + read.starts()[i];
                counted += at < start ? 0 : 1;
                if (counted > limits.target()) {
                    int place = placeFor(start, at, to);
                    if (place >= to) {
                        take(start, to);
                        return;
                    }
                    take(start, place);
                    start = place;
                    counted = at < start ? 0 : 1;
                }
            }
            block = end;
        }
        take(start, to);
    }

    /** The last place up to {@code at}, else the first after it, that leaves something to see on both its sides. */
    private int placeFor(int start, int at, int to) {
        int seen = Breaks.skipSpace(text, start, to);
        int place = graphemes.atOrBefore(at);
        return place > seen ? pastSpace(place, to) : seen < to ? pastSpace(graphemes.atOrAfter(seen + 1), to) : to;
    }

    private void take(int from, int to) {
        ModelInput input = tokenizer.document(text.substring(from, to));
        if (input.tokens() <= limits.cap()) {
            starts.add(from);
            inputs.add(input);
        } else {
            cutAgain(from, to, input.tokens());
        }
    }

    /** Cuts a stretch that exceeds the cap into even parts, each of which is counted again. */
    private void cutAgain(int from, int to, int count) {
        if (text.offsetByCodePoints(from, 1) >= to) {
            throw new IllegalArgumentException("Cannot cut the text: its character U+"
                    + Integer.toHexString(text.codePointAt(from)) + " alone is " + count
                    + " tokens and the model reads " + limits.cap() + ". Use a model that reads more.");
        }
        int first = Breaks.skipSpace(text, from, to);
        int last = to;
        while (last > first && Breaks.isSpace(text.charAt(last - 1))) {
            last--;
        }
        boolean several = first < last
                && (graphemes.atOrAfter(first + 1) < last
                        || (text.offsetByCodePoints(first, 1) < last
                                && tokenizer.count(text.substring(first, last)) > limits.cap()));
        int low = several ? first : from;
        int high = several ? last : to;
        int parts = Math.max(2, Math.min(high - low, count / limits.target() + 1));
        int start = several ? takeParts(from, low, high, parts, true) : from;
        if (start == from) {
            start = takeParts(from, low, high, parts, false);
        }
        take(start, to);
    }

    /** Takes all parts but the last, cutting between {@code low} and {@code high}; returns where the last begins. */
    private int takeParts(int from, int low, int high, int parts, boolean sparingSpace) {
        int start = from;
        boolean whole = graphemes.atOrAfter(low + 1) >= high;
        for (int i = 1; i < parts; i++) {
            int wanted = (int) (low + (long) (high - low) * i / parts);
            if (wanted <= start) {
                continue;
            }
            int place =
                    whole ? codePoint(wanted, low) : near(wanted, Math.max(start, low), high, (high - low) / parts / 4);
            if (sparingSpace) {
                place = pastSpace(place, high);
            }
            if (place >= high) {
                break;
            }
            if (place > start) {
                take(start, place);
                start = place;
            }
        }
        return start;
    }

    /** A place to cut near {@code at}: before a word, else between graphemes. */
    private int near(int at, int from, int to, int reach) {
        for (int place = at; place > from && place >= at - reach; place--) {
            if (Breaks.isWordStart(text, place) && graphemes.isBoundary(place)) {
                return place;
            }
        }
        int before = graphemes.atOrBefore(at);
        return before > from ? before : Math.min(to, graphemes.atOrAfter(Math.max(at, from + 1)));
    }

    /** A place between code points near {@code at}. */
    private int codePoint(int at, int from) {
        boolean halved = Character.isLowSurrogate(text.charAt(at)) && Character.isHighSurrogate(text.charAt(at - 1));
        return !halved ? at : at - 1 > from ? at - 1 : at + 1;
    }

    /** The first place from {@code from} that is no white space and begins a grapheme; {@code to} or more if none does. */
    private int pastSpace(int from, int to) {
        int place = Breaks.skipSpace(text, from, to);
        while (place < to && !graphemes.isBoundary(place)) {
            place = Breaks.skipSpace(text, graphemes.atOrAfter(place), to);
        }
        return place;
    }
}
