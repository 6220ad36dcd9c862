package dev.spindrift.udf.chunk;

import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;

/**
 * Sub-word tokens of one to four characters, white space among them, whose lengths depend on where the text begins and
 * ends: the tokens of a piece are no slice of the tokens of the whole, and a piece can have many more than its share.
 */
final class ShiftingTokenizer implements Tokenizer {
    @Override
    public Tokens tokenize(String text) {
        IntList starts = new IntList();
        IntList ends = new IntList();
        int state = text.isEmpty() ? 0 : text.charAt(0) * 31 + text.charAt(text.length() - 1) + text.length() % 7;
        for (int at = 0; at < text.length(); ) {
            state = state * 1103515245 + 12345 + text.charAt(at);
            int length = text.length() % 5 == 0 ? 1 : 1 + (state >>> 16 & 3);
            int end = Math.min(text.length(), at + length);
            starts.add(at);
            ends.add(end);
            at = end;
        }
        return WordTokenizer.tokens(text, starts, ends);
    }
}
