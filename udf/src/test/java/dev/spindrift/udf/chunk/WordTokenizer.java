package dev.spindrift.udf.chunk;

import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;
import java.util.concurrent.atomic.AtomicLong;

/** A token for each run of letters and digits and for each other character but white space; counts what it was given. */
final class WordTokenizer implements Tokenizer {
    final AtomicLong characters = new AtomicLong();

    @Override
    public Tokens tokenize(String text) {
        characters.addAndGet(text.length());
        IntList starts = new IntList();
        IntList ends = new IntList();
        for (int at = 0; at < text.length(); ) {
            int end = at + 1;
            if (Character.isLetterOrDigit(text.charAt(at))) {
                while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
                    end++;
                }
            }
            if (!Breaks.isSpace(text.charAt(at))) {
                starts.add(at);
                ends.add(end);
            }
            at = end;
        }
        return tokens(text, starts, ends);
    }

    static Tokens tokens(String text, IntList starts, IntList ends) {
        int[] ids = new int[starts.size()];
        int[] from = new int[ids.length];
        int[] to = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            from[i] = starts.get(i);
            to[i] = ends.get(i);
            ids[i] = text.substring(from[i], to[i]).hashCode();
        }
        return new Tokens(ids, from, to);
    }
}
