package dev.spindrift.udf.chunk;

/** What a text is cut between, the best first. */
enum Level {
    PARAGRAPH,
    LINE,
    SENTENCE,
    WORD,
    GRAPHEME;

    /** The level to go on with where this one's pieces are too long. */
    Level finer() {
        return switch (this) {
            case PARAGRAPH -> LINE;
            case LINE -> SENTENCE;
            case SENTENCE -> WORD;
            case WORD, GRAPHEME -> GRAPHEME;
        };
    }
}
