package dev.spindrift.udf.chunk;

import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;

/** Decides how much of a stretch's tail is repeated in front of the next one. */
final class Overlaps {
    /** Most characters looked at for each token that may be repeated: a token of prose has four or five. */
    private static final int CHARACTERS = 12;

    /** How often a beginning is tried that the tokenizer then counts as too long. */
    private static final int TRIES = 4;

    private final String text;
    private final Graphemes graphemes;
    private final Tokenizer tokenizer;

    Overlaps(String text, Graphemes graphemes, Tokenizer tokenizer) {
        this.text = text;
        this.graphemes = graphemes;
        this.tokenizer = tokenizer;
    }

    /**
     * Where the overlap before {@code at} begins; {@code at} itself if there is none.
     *
     * <p>It is the first sentence in reach if that makes use of at least half of {@code most}, else the first word.
     *
     * @param floor what it does not reach back over
     * @param most most tokens that it may have
     */
    int start(int floor, int at, int most) {
        int from = graphemes.atOrAfter(Math.max(floor, at - CHARACTERS * most));
        if (most <= 0 || from >= at) {
            return at;
        }
        Tokens tokens = tokenizer.tokenize(text.substring(from, at));
        int first = tokens.size() <= most ? from : from + tokens.starts()[tokens.size() - most];
        int half = tokens.size() <= most / 2 ? from : from + tokens.starts()[tokens.size() - Math.max(1, most / 2)];
        int start = first;
        for (int tries = 0; tries < TRIES; tries++) {
            start = next(start, floor, half, at);
            if (start >= at || tokenizer.count(text.substring(start, at)) <= most) {
                return start;
            }
            start++;
        }
        return at;
    }

    private int next(int start, int floor, int half, int at) {
        int word = at;
        for (int place = start; place < at; place++) {
            if (!graphemes.isBoundary(place) || Breaks.isSpace(text.charAt(place))) {
                continue;
            }
            if (place <= half && (place == floor || Breaks.isSentenceStart(text, place, floor))) {
                return place;
            }
            if (word == at && (place == floor || Breaks.isWordStart(text, place))) {
                word = place;
            }
            if (place > half && word < at) {
                return word;
            }
        }
        return word;
    }
}
