package dev.spindrift.bench.bert;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A made-up WordPiece vocabulary of the five special tokens, letters and pronounceable pieces, so that made-up words
 * ({@link Words}) cost a tokenizer about what real ones do.
 */
final class SyllableVocabulary {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private final int size;

    SyllableVocabulary(int size) {
        this.size = size;
    }

    /** The {@code tokenizer.json} of a lower-casing BERT tokenizer. */
    JsonObject tokenizer() {
        JsonObject vocabulary = new JsonObject();
        int id = 0;
        for (String token : tokens()) {
            vocabulary.addProperty(token, id++);
        }
        JsonObject model = parse("""
                {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                 "max_input_chars_per_word": 100}""");
        model.add("vocab", vocabulary);
        JsonArray added = new JsonArray();
        for (int i = 0; i < SPECIAL.size(); i++) {
            JsonObject token = parse("""
                    {"single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}""");
            token.addProperty("id", i);
            token.addProperty("content", SPECIAL.get(i));
            added.add(token);
        }
        JsonObject tokenizer = parse("""
                {"version": "1.0", "truncation": null, "padding": null,
                 "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                                "strip_accents": null, "lowercase": true},
                 "pre_tokenizer": {"type": "BertPreTokenizer"},
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                              {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                   "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                            {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                            {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
                   "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                                      "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
                 "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true}}""");
        tokenizer.add("added_tokens", added);
        tokenizer.add("model", model);
        return tokenizer;
    }

    /** Exactly {@code size} tokens: words of one, two, three syllables, and every other one also inside of a word. */
    private Set<String> tokens() {
        Set<String> tokens = new LinkedHashSet<>(SPECIAL);
        for (char letter = 'a'; letter <= 'z'; letter++) {
            tokens.add(String.valueOf(letter));
            tokens.add("##" + letter);
        }
        List<String> words = List.of("");
        while (tokens.size() < size) {
            List<String> longer = new ArrayList<>();
            for (String word : words) {
                for (String syllable : Words.SYLLABLES) {
                    longer.add(word + syllable);
                    tokens.add(word + syllable);
                    if (longer.size() % 2 == 0) {
                        tokens.add("##" + word + syllable);
                    }
                    if (tokens.size() >= size) {
                        return new LinkedHashSet<>(List.copyOf(tokens).subList(0, size));
                    }
                }
            }
            words = longer;
        }
        return tokens;
    }

    private static JsonObject parse(String json) {
        JsonElement element = JsonParser.parseString(json);
        return element.getAsJsonObject();
    }
}
