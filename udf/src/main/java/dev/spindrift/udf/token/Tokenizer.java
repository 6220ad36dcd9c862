package dev.spindrift.udf.token;

/** Cuts a text into the tokens of one model. Thread-safe; the same text always gives the same tokens. */
public interface Tokenizer {

    /** The tokens of {@code text} in order, without the special tokens and the prompt that a model adds around them. */
    Tokens tokenize(String text);

    /** The number of tokens of {@code text}: what {@code tokenize(text).size()} would say. */
    default int count(String text) {
        return tokenize(text).size();
    }

    /** What the model reads of a text that is to be found. Here: the text itself, without a prompt. */
    default ModelInput document(String text) {
        return new ModelInput(text, count(text), ModelInput.NO_IDS);
    }

    /** What the model reads of a text that others are to be found by. Here: the same as of any other. */
    default ModelInput query(String text) {
        return document(text);
    }

    /**
     * The longest beginning of {@code text} that ends with a token and has at most {@code most} of them; the whole text
     * if it has no more.
     */
    default String cut(String text, int most) {
        Tokens tokens = tokenize(text);
        for (int keep = most; keep > 0 && tokens.size() > most; keep--) {
            // Tokens of a beginning need not be the beginning of the tokens.
            String beginning = text.substring(0, tokens.ends()[keep - 1]);
            if (count(beginning) <= most) {
                return beginning;
            }
        }
        return tokens.size() <= most ? text : "";
    }
}
