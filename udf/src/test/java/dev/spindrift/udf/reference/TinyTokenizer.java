package dev.spindrift.udf.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes tokenizer.json files with vocabularies of a given size, as the families' real ones are built. */
enum TinyTokenizer {
    /** WordPiece as in BERT: {@code [CLS] $A [SEP]}. */
    BERT("[PAD] [UNK] [CLS] [SEP] [MASK]") {
        @Override
        JsonObject json(int vocab, long seed) {
            return wordPiece(vocab, seed, template("[CLS]", 2, "[SEP]", 3));
        }
    },
    /** WordPiece with RoBERTa's special tokens, as in MPNet: {@code <s> $A </s>}. */
    MPNET("<s> <pad> </s> [UNK] <mask>") {
        @Override
        JsonObject json(int vocab, long seed) {
            return wordPiece(vocab, seed, template("<s>", 0, "</s>", 2));
        }
    },
    /** Bytes merged, as in RoBERTa: {@code <s> $A </s>}. */
    ROBERTA("<s> <pad> </s> <unk> <mask>") {
        @Override
        JsonObject json(int vocab, long seed) {
            JsonObject byteLevel = Json.object(
                    "type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true);
            JsonObject post = Json.object(
                    "type",
                    "RobertaProcessing",
                    "sep",
                    Json.array("</s>", 2),
                    "cls",
                    Json.array("<s>", 0),
                    "trim_offsets",
                    true,
                    "add_prefix_space",
                    false);
            return bytePairs(vocab, seed, specials(), 0, null, byteLevel, post);
        }
    },
    /** Bytes merged, as in ModernBERT: {@code [CLS] $A [SEP]}, the special tokens at the end of the vocabulary. */
    MODERNBERT("[UNK] [CLS] [SEP] [PAD] [MASK]") {
        @Override
        JsonObject json(int vocab, long seed) {
            JsonObject byteLevel = Json.object(
                    "type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true);
            int first = vocab - specials().size();
            JsonObject post = template("[CLS]", first + 1, "[SEP]", first + 2);
            return bytePairs(vocab, seed, specials(), first, Json.object("type", "NFC"), byteLevel, post);
        }
    },
    /** Bytes merged, as in Qwen3-Embedding: {@code $A <|endoftext|>}, the special tokens at the end. */
    QWEN("<|endoftext|> <|im_start|> <|im_end|>") {
        @Override
        JsonObject json(int vocab, long seed) {
            JsonObject split = Json.object(
                    "type", "Split", "pattern", Map.of("Regex", GPT_WORDS), "behavior", "Isolated", "invert", false);
            JsonObject byteLevel = Json.object(
                    "type", "ByteLevel", "add_prefix_space", false, "trim_offsets", false, "use_regex", false);
            int first = vocab - specials().size();
            JsonObject post = Json.object(
                    "type", "Sequence", "processors", Json.array(byteLevel, template(null, 0, "<|endoftext|>", first)));
            JsonObject pre = Json.object("type", "Sequence", "pretokenizers", Json.array(split, byteLevel));
            return bytePairs(vocab, seed, specials(), first, Json.object("type", "NFC"), pre, post);
        }
    },
    /** Unigram over words with a mark before them, as in XLM-RoBERTa: {@code <s> $A </s>}. */
    XLM_ROBERTA("<s> <pad> </s> <unk> <mask>") {
        @Override
        JsonObject json(int vocab, long seed) {
            return unigram(vocab, seed, specials());
        }
    };

    private static final String GPT_WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private final String specials;

    TinyTokenizer(String specials) {
        this.specials = specials;
    }

    List<String> specials() {
        return List.of(specials.split(" "));
    }

    /** A tokenizer of {@code vocab} tokens, the random ones of which come from {@code seed}. */
    abstract JsonObject json(int vocab, long seed);

    String padding() {
        return specials().stream()
                .filter(token -> token.toLowerCase(Locale.ROOT).contains("pad"))
                .findFirst()
                .orElse(specials().get(0));
    }

    JsonObject wordPiece(int vocab, long seed, JsonObject post) {
        Set<String> tokens = new LinkedHashSet<>(specials());
        for (String character : TinyWords.CHARACTERS) {
            tokens.add(character);
            tokens.add("##" + character);
        }
        TinyWords.words(seed).takeWhile(word -> tokens.size() < vocab).forEach(word -> {
            tokens.add(word);
            tokens.add("##" + word);
        });
        JsonObject model = Json.object(
                "type", "WordPiece",
                "unk_token", "[UNK]",
                "continuing_subword_prefix", "##",
                "max_input_chars_per_word", 100,
                "vocab", numbered(tokens, vocab));
        return tokenizer(
                added(specials(), 0),
                Json.object(
                        "type", "BertNormalizer",
                        "clean_text", true,
                        "handle_chinese_chars", true,
                        "strip_accents", null,
                        "lowercase", true),
                Json.object("type", "BertPreTokenizer"),
                post,
                Json.object("type", "WordPiece", "prefix", "##", "cleanup", true),
                model);
    }

    private static JsonObject bytePairs(
            int vocab,
            long seed,
            List<String> specials,
            int firstSpecial,
            @Nullable JsonObject normalizer,
            JsonObject pre,
            JsonObject post) {
        boolean specialsFirst = firstSpecial == 0;
        Set<String> tokens = new LinkedHashSet<>(specialsFirst ? specials : List.of());
        int size = specialsFirst ? vocab : vocab - specials.size();
        for (int one = 0; one < 256; one++) {
            tokens.add(Character.toString(shown(one)));
        }
        List<String> merges = new ArrayList<>();
        TinyWords.words(seed).takeWhile(word -> tokens.size() < size).forEach(word -> {
            merge(shown(" " + word), size, tokens, merges);
            merge(shown(word), size, tokens, merges);
        });
        JsonObject model = Json.object(
                "type",
                "BPE",
                "dropout",
                null,
                "unk_token",
                null,
                "continuing_subword_prefix",
                null,
                "end_of_word_suffix",
                null,
                "fuse_unk",
                false,
                "byte_fallback",
                false,
                "ignore_merges",
                false,
                "vocab",
                numbered(tokens, size),
                "merges",
                merges);
        JsonElement decoder =
                Json.object("type", "ByteLevel", "add_prefix_space", true, "trim_offsets", true, "use_regex", true);
        return tokenizer(added(specials, firstSpecial), normalizer, pre, post, decoder, model);
    }

    /** Adds {@code word} and all of its beginnings, merged from the left. */
    private static void merge(String word, int size, Set<String> tokens, List<String> merges) {
        for (int end = 2; end <= word.length() && tokens.size() < size; end++) {
            if (tokens.add(word.substring(0, end))) {
                merges.add(word.substring(0, end - 1) + " " + word.charAt(end - 1));
            }
        }
    }

    private static JsonObject unigram(int vocab, long seed, List<String> specials) {
        Set<String> tokens = new LinkedHashSet<>(specials.subList(0, 4));
        tokens.add("▁");
        tokens.addAll(TinyWords.CHARACTERS);
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            tokens.add(Character.toString(letter));
        }
        TinyWords.words(seed).takeWhile(word -> tokens.size() < vocab - 1).forEach(word -> {
            tokens.add("▁" + word);
            if (tokens.size() < vocab - 1) {
                tokens.add(word);
            }
        });
        tokens.add("<mask>");
        JsonArray scored = new JsonArray();
        for (String token : tokens) {
            // Longer tokens are likelier than their parts together, as in trained vocabularies.
            double score = specials.contains(token) ? 0 : -6 - 0.002 * scored.size() - 0.3 * token.length();
            scored.add(Json.array(token, score));
        }
        JsonObject metaspace =
                Json.object("type", "Metaspace", "replacement", "▁", "prepend_scheme", "always", "split", true);
        return tokenizer(
                added(specials, 0, 1, 2, 3, vocab - 1),
                Json.object("type", "NFKC"),
                Json.object(
                        "type",
                        "Sequence",
                        "pretokenizers",
                        Json.array(Json.object("type", "WhitespaceSplit"), metaspace)),
                template("<s>", 0, "</s>", 2),
                metaspace,
                Json.object("type", "Unigram", "unk_id", 3, "vocab", scored, "byte_fallback", false));
    }

    private static JsonObject tokenizer(
            JsonArray added,
            @Nullable JsonElement normalizer,
            JsonElement pre,
            JsonElement post,
            JsonElement decoder,
            JsonElement model) {
        return Json.object(
                "version", "1.0",
                "truncation", null,
                "padding", null,
                "added_tokens", added,
                "normalizer", normalizer == null ? JsonNull.INSTANCE : normalizer,
                "pre_tokenizer", pre,
                "post_processor", post,
                "decoder", decoder,
                "model", model);
    }

    /** Puts {@code start} (if any) before a text and {@code end} after it. */
    private static JsonObject template(@Nullable String start, int startId, String end, int endId) {
        JsonArray single = new JsonArray();
        JsonArray pair = new JsonArray();
        JsonObject tokens = new JsonObject();
        if (start != null) {
            single.add(special(start));
            pair.add(special(start));
            tokens.add(start, specialToken(start, startId));
        }
        single.add(Json.object("Sequence", Map.of("id", "A", "type_id", 0)));
        pair.add(Json.object("Sequence", Map.of("id", "A", "type_id", 0)));
        single.add(special(end));
        pair.add(special(end));
        pair.add(Json.object("Sequence", Map.of("id", "B", "type_id", 0)));
        pair.add(special(end));
        tokens.add(end, specialToken(end, endId));
        return Json.object("type", "TemplateProcessing", "single", single, "pair", pair, "special_tokens", tokens);
    }

    private static JsonObject special(String token) {
        return Json.object("SpecialToken", Json.object("id", token, "type_id", 0));
    }

    private static JsonObject specialToken(String token, int id) {
        return Json.object("id", token, "ids", List.of(id), "tokens", List.of(token));
    }

    private static JsonArray added(List<String> specials, int firstId) {
        int[] ids = new int[specials.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = firstId + i;
        }
        return added(specials, ids);
    }

    private static JsonArray added(List<String> specials, int... ids) {
        JsonArray added = new JsonArray();
        for (int i = 0; i < ids.length; i++) {
            String token = specials.get(i);
            added.add(Json.object(
                    "id", ids[i],
                    "content", token,
                    "single_word", false,
                    "lstrip", token.equals("<mask>"),
                    "rstrip", false,
                    "normalized", false,
                    "special", true));
        }
        return added;
    }

    /** The first {@code size} of {@code tokens} with their numbers. */
    private static JsonObject numbered(Set<String> tokens, int size) {
        JsonObject vocabulary = new JsonObject();
        tokens.stream().limit(size).forEach(token -> vocabulary.addProperty(token, vocabulary.size()));
        return vocabulary;
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            shown.append(shown(one & 0xff));
        }
        return shown.toString();
    }

    /** The character that stands for a byte: itself if it can be seen, else one from 256 on, in the order of bytes. */
    private static char shown(int one) {
        if (isVisible(one)) {
            return (char) one;
        }
        int hidden = 0;
        for (int before = 0; before < one; before++) {
            hidden += isVisible(before) ? 0 : 1;
        }
        return (char) (256 + hidden);
    }

    private static boolean isVisible(int one) {
        return (one >= '!' && one <= '~') || (one >= 0xa1 && one <= 0xac) || one >= 0xae;
    }
}
