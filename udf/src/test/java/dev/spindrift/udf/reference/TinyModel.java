package dev.spindrift.udf.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a directory as sentence-transformers does, with seeded random weights: the same settings give the same bytes.
 *
 * <p>The numbers of a tensor depend on the seed and its name only, so models that differ in precision, shards or prefix
 * are the same model.
 */
public final class TinyModel {
    private final Family family;
    private final Map<String, @Nullable Object> overrides = new TreeMap<>();
    private final List<TinyDense> dense = new ArrayList<>();
    private final Map<String, String> prompts = new TreeMap<>();
    private long seed = 1;
    private int hidden = 48;
    private int layers = 3;
    private int heads = 4;
    private int kvHeads = 4;
    private int headDim = 12;
    private int intermediate = 96;
    private int vocab = 1500;
    private int maxPositions = 160;
    private NumberKind numbers = NumberKind.F32;
    private int shards = 1;
    private UnaryOperator<String> names = name -> name;
    private List<PoolingMode> pooling;
    private boolean poolingByFlags = true;
    private boolean includePrompt = true;
    private boolean normalize = true;
    private int cutAt;

    private TinyModel(Family family) {
        this.family = family;
        this.pooling = List.of(family.pooling());
    }

    /** A small model of a family: three layers, 48 numbers wide, pooled as usual, normalized, in 32-bit floats. */
    public static TinyModel of(Family family) {
        return new TinyModel(family);
    }

    public TinyModel seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** The size of hidden states, a multiple of the heads. */
    public TinyModel hidden(int hidden) {
        this.hidden = hidden;
        return this;
    }

    public TinyModel layers(int layers) {
        this.layers = layers;
        return this;
    }

    /** Heads of queries, and of keys and values (which only decoders have fewer of), and the size of each. */
    public TinyModel heads(int heads, int kvHeads, int headDim) {
        this.heads = heads;
        this.kvHeads = kvHeads;
        this.headDim = headDim;
        return this;
    }

    /** Heads of attention; each is as large as the hidden size allows. */
    public TinyModel heads(int heads) {
        return heads(heads, heads, hidden / heads);
    }

    public TinyModel intermediate(int intermediate) {
        this.intermediate = intermediate;
        return this;
    }

    /** Tokens of the vocabulary, at least 500. */
    public TinyModel vocab(int vocab) {
        this.vocab = vocab;
        return this;
    }

    /** The most tokens of an input, special ones included. */
    public TinyModel maxPositions(int maxPositions) {
        this.maxPositions = maxPositions;
        return this;
    }

    /** How the file holds the weights. */
    public TinyModel numbers(NumberKind kind) {
        numbers = kind;
        return this;
    }

    /** Into how many files the weights go; more than one come with an index. */
    public TinyModel shards(int shards) {
        this.shards = shards;
        return this;
    }

    /** What the names of all tensors begin with, such as {@code bert.}; none by default. */
    public TinyModel prefix(String prefix) {
        return names(name -> prefix + name);
    }

    /** What the file calls its tensors, made of what they are called by default. */
    public TinyModel names(UnaryOperator<String> names) {
        this.names = names;
        return this;
    }

    /** One or several poolings, whose vectors are put side by side. */
    public TinyModel pooling(PoolingMode first, PoolingMode... more) {
        pooling = List.copyOf(EnumSet.of(first, more));
        return this;
    }

    /** Several poolings in any order, listed as sentence-transformers 6 does. */
    public TinyModel poolingInOrder(PoolingMode... modes) {
        pooling = List.of(modes);
        poolingByFlags = false;
        return this;
    }

    /** Leaves the tokens of the prompt out when pooling. */
    public TinyModel poolWithoutPrompt() {
        includePrompt = false;
        return this;
    }

    /** Adds a layer after pooling. {@code activation} is a class of torch such as {@code Tanh}. */
    public TinyModel dense(int out, boolean withBias, String activation) {
        dense.add(new TinyDense(out, withBias, activation));
        return this;
    }

    /** Leaves out the last step, so that vectors keep their length. */
    public TinyModel notNormalized() {
        normalize = false;
        return this;
    }

    /** A prompt, by its name: {@code query}, {@code document}. */
    public TinyModel prompt(String name, String text) {
        prompts.put(name, text);
        return this;
    }

    /** Gives tokenizer.json sections that cut and pad to {@code tokens}, as many real ones have. */
    public TinyModel tokenizerCutsAt(int tokens) {
        cutAt = tokens;
        return this;
    }

    /** Sets a field of config.json, whatever it was; such as {@code hidden_act} or {@code type_vocab_size}. */
    public TinyModel config(String field, @Nullable Object value) {
        overrides.put(field, value);
        return this;
    }

    /** Writes the model into {@code directory}, which is made if need be, and returns it. */
    public Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        JsonObject config = config();
        Json.write(directory.resolve("config.json"), config);
        List<TinyTensor> tensors = family.layout().tensors(config).stream()
                .map(tensor -> tensor.named(names.apply(tensor.name())))
                .toList();
        new SafetensorsWriter(seed, numbers).writeModel(directory, tensors, shards);
        writeTokenizer(directory);
        writeModules(directory);
        return directory;
    }

    private JsonObject config() {
        JsonObject config = family.layout()
                .config(new TinySizes(hidden, layers, heads, kvHeads, headDim, intermediate, vocab, maxPositions));
        config.addProperty("torch_dtype", numbers.torchName);
        config.addProperty("transformers_version", "4.57.0");
        overrides.forEach(
                (field, value) -> config.add(field, Json.object(field, value).get(field)));
        return config;
    }

    private void writeTokenizer(Path directory) throws IOException {
        JsonObject tokenizer = family.tokenizer().json(vocab, seed);
        if (cutAt > 0) {
            int padding = tokenizer.getAsJsonArray("added_tokens").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .filter(token -> token.get("content")
                            .getAsString()
                            .equals(family.tokenizer().padding()))
                    .findFirst()
                    .orElseThrow()
                    .get("id")
                    .getAsInt();
            tokenizer.add(
                    "truncation",
                    Json.object("direction", "Right", "max_length", cutAt, "strategy", "LongestFirst", "stride", 0));
            tokenizer.add(
                    "padding",
                    Json.object(
                            "strategy",
                            Map.of("Fixed", cutAt),
                            "direction",
                            "Right",
                            "pad_to_multiple_of",
                            null,
                            "pad_id",
                            padding,
                            "pad_type_id",
                            0,
                            "pad_token",
                            family.tokenizer().padding()));
        }
        Json.write(directory.resolve("tokenizer.json"), tokenizer);
        Json.write(
                directory.resolve("tokenizer_config.json"),
                Json.object(
                        "model_max_length",
                        maxPositions,
                        "pad_token",
                        family.tokenizer().padding(),
                        "tokenizer_class",
                        "PreTrainedTokenizerFast"));
    }

    private void writeModules(Path directory) throws IOException {
        JsonArray modules = new JsonArray();
        add(modules, "", "Transformer");
        int width = writePooling(directory.resolve(add(modules, "Pooling")));
        for (TinyDense layer : dense) {
            layer.write(directory.resolve(add(modules, "Dense")), width, seed + modules.size(), numbers);
            width = layer.out();
        }
        if (normalize) {
            Files.createDirectories(directory.resolve(add(modules, "Normalize")));
        }
        Json.write(directory.resolve("modules.json"), modules);
        Json.write(
                directory.resolve("sentence_bert_config.json"),
                Json.object("max_seq_length", maxPositions, "do_lower_case", false));
        Json.write(
                directory.resolve("config_sentence_transformers.json"),
                Json.object(
                        "__version__",
                        Map.of("sentence_transformers", "5.1.0"),
                        "prompts",
                        prompts,
                        "default_prompt_name",
                        null,
                        "similarity_fn_name",
                        "cosine"));
    }

    private static String add(JsonArray modules, String type) {
        return add(modules, modules.size() + "_" + type, type);
    }

    private static String add(JsonArray modules, String path, String type) {
        modules.add(Json.object(
                "idx",
                modules.size(),
                "name",
                Integer.toString(modules.size()),
                "path",
                path,
                "type",
                "sentence_transformers.models." + type));
        return path;
    }

    /** Returns how many numbers a pooled vector has. */
    private int writePooling(Path directory) throws IOException {
        JsonObject config = Json.object(poolingByFlags ? "word_embedding_dimension" : "embedding_dimension", hidden);
        if (poolingByFlags) {
            for (PoolingMode mode : PoolingMode.values()) {
                config.addProperty(mode.flag, pooling.contains(mode));
            }
        } else {
            config.add(
                    "pooling_mode",
                    Json.array(pooling.stream().map(mode -> mode.mode).toArray()));
        }
        config.addProperty("include_prompt", includePrompt);
        Json.write(directory.resolve("config.json"), config);
        return hidden * pooling.size();
    }
}
