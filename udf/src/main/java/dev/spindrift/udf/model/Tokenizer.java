package dev.spindrift.udf.model;

/** Cuts a text into the tokens of one model. Thread-safe; the same text always gives the same tokens. */
public interface Tokenizer {

    /** The tokens of {@code text} in order, without the special tokens a model adds around them. */
    Tokens tokenize(String text);

    /** The number of tokens of {@code text}: what {@code tokenize(text).size()} would say. */
    default int count(String text) {
        return tokenize(text).size();
    }
}
