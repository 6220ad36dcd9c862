package dev.spindrift.udf.huggingface;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;
import dev.spindrift.udf.torch.TorchEngine;
import java.lang.ref.Cleaner;

/**
 * The tokenizer of a model directory, by Hugging Face's own library: what {@code tokenizer.json} says, but for what
 * {@link TokenizerJson} leaves out, so that nothing is cut silently.
 *
 * <p>It calls the binding's native functions directly: the ids of a text, and where the tokens lie only when asked, are
 * a fraction of what the binding's own class makes of each text.
 */
public final class SubwordTokenizer implements Tokenizer {
    private static final Cleaner CLEANER = Cleaner.create();

    private final TokenizersLibrary library;
    private final long handle;
    private final String documentPrompt;
    private final String queryPrompt;
    private final boolean lowerCase;

    /** How many ids the special tokens take, and how many with each prompt. */
    private final int specialTokens;

    private final int documentOverhead;
    private final int queryOverhead;
    private final int trailingSpecialTokens;

    /**
     * Reads a tokenizer.
     *
     * @param file named in errors
     * @param json the content of {@code tokenizer.json}
     * @param documentPrompt stands before each text that is to be found
     * @param queryPrompt stands before each text that others are to be found by
     * @param lowerCase whether texts are put into lower case first
     * @throws IllegalArgumentException if the library cannot read it
     */
    SubwordTokenizer(Object file, byte[] json, String documentPrompt, String queryPrompt, boolean lowerCase) {
        this.library = TorchEngine.unpacking(SubwordTokenizer::library);
        this.handle = create(library, file, TokenizerJson.checked(file, json));
        this.documentPrompt = documentPrompt;
        this.queryPrompt = queryPrompt;
        this.lowerCase = lowerCase;
        CLEANER.register(this, new Release(library, handle));
        this.specialTokens = ids("", true).length;
        this.documentOverhead = ids(documentPrompt, true).length;
        this.queryOverhead = ids(queryPrompt, true).length;
        this.trailingSpecialTokens = countTrailingSpecialTokens();
    }

    private static TokenizersLibrary library() {
        LibUtils.checkStatus(); // loads it
        return TokenizersLibrary.LIB;
    }

    private static long create(TokenizersLibrary library, Object file, String json) {
        try {
            return library.createTokenizerFromString(json);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    UnreadableFile.message(file, String.valueOf(e.getMessage()), UnreadableFile.DOWNLOAD_AGAIN), e);
        }
    }

    private int countTrailingSpecialTokens() {
        long encoding = encode("a", true);
        try {
            long[] special = library.getSpecialTokenMask(encoding);
            int at = special.length;
            while (at > 0 && special[at - 1] != 0) {
                at--;
            }
            return special.length - at;
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    @Override
    public Tokens tokenize(String text) {
        long encoding = encode(given(text), false);
        try {
            return tokens(text, library.getTokenIds(encoding), library.getTokenCharSpans(encoding));
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    @Override
    public int count(String text) {
        return ids(given(text), false).length;
    }

    @Override
    public ModelInput document(String text) {
        return input(text, documentPrompt, documentOverhead);
    }

    @Override
    public ModelInput query(String text) {
        return input(text, queryPrompt, queryOverhead);
    }

    /** How many ids special tokens and the prompt of a document take. */
    int documentOverhead() {
        return documentOverhead;
    }

    /** How many special tokens follow a text. */
    int trailingSpecialTokens() {
        return trailingSpecialTokens;
    }

    /** How many ids the special tokens take that stand around every text. */
    int specialTokens() {
        return specialTokens;
    }

    private ModelInput input(String text, String prompt, int overhead) {
        int[] ids = ids(given(prompt.isEmpty() ? text : prompt + text), true);
        return new ModelInput(text, Math.max(0, ids.length - overhead), ids);
    }

    private long encode(String text, boolean special) {
        try {
            return library.encode(handle, text, special);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("Cannot cut the text into tokens: " + e.getMessage() + ".", e);
        }
    }

    private int[] ids(String text, boolean special) {
        long encoding = encode(text, special);
        try {
            return narrow(library.getTokenIds(encoding));
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    private static int[] narrow(long[] ids) {
        int[] narrow = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            narrow[i] = (int) ids[i];
        }
        return narrow;
    }

    /** The library counts code points, Java UTF-16 units; the spans ascend but for tokens that share a character. */
    private static Tokens tokens(String text, long[] ids, CharSpan[] spans) {
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        int unit = 0;
        int point = 0;
        int last = 0;
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            int from = span == null ? point : Math.max(span.getStart(), 0);
            int to = span == null ? point : Math.max(span.getEnd(), from);
            unit = text.offsetByCodePoints(unit, from - point);
            point = from;
            starts[i] = Math.max(unit, i == 0 ? 0 : starts[i - 1]);
            ends[i] = Math.max(text.offsetByCodePoints(unit, to - from), last);
            last = ends[i];
        }
        return new Tokens(narrow(ids), starts, ends);
    }

    /** The text as the library can take it, in small letters where the model wants them; no character changes its place. */
    private String given(String text) {
        String given = wellFormed(text);
        if (!lowerCase) {
            return given;
        }
        char[] small = given.toCharArray();
        for (int i = 0; i < small.length; i++) {
            small[i] = Character.toLowerCase(small[i]);
        }
        return new String(small);
    }

    /** With a replacement character for each half of a surrogate pair, which UTF-8 cannot write. */
    static String wellFormed(String text) {
        char[] mended = null;
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                i++;
            } else {
                mended = mended == null ? text.toCharArray() : mended;
                mended[i] = '\uFFFD';
            }
        }
        return mended == null ? text : new String(mended);
    }

    /** Frees the native tokenizer once nobody can call it any more. */
    private record Release(TokenizersLibrary library, long handle) implements Runnable {
        @Override
        public void run() {
            library.deleteTokenizer(handle);
        }
    }
}
