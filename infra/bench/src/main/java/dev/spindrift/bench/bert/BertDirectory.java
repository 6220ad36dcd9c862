package dev.spindrift.bench.bert;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory as sentence-transformers writes it, of a BERT that the benchmark can also write as ONNX and as traced
 * TorchScript: GELU, learned positions, mean or first-token pooling, then normalization.
 */
public final class BertDirectory implements Closeable {
    private final BertShape shape;
    private final boolean firstToken;
    private final Safetensors tensors;
    private final String prefix;

    private BertDirectory(BertShape shape, boolean firstToken, Safetensors tensors) {
        this.shape = shape;
        this.firstToken = firstToken;
        this.tensors = tensors;
        this.prefix = tensors.contains("bert.embeddings.word_embeddings.weight") ? "bert." : "";
    }

    /**
     * Opens {@code directory}.
     *
     * @throws IllegalArgumentException if it holds another kind of model, naming what differs
     */
    public static BertDirectory open(Path directory) throws IOException {
        JsonObject config = object(directory.resolve("config.json"));
        require(text(config, "model_type", "bert").equals("bert"), "its model_type is not bert");
        require(text(config, "hidden_act", "gelu").equals("gelu"), "its hidden_act is not gelu");
        require(
                text(config, "position_embedding_type", "absolute").equals("absolute"),
                "its positions are not absolute");
        BertShape shape = new BertShape(
                config.get("vocab_size").getAsInt(),
                config.get("hidden_size").getAsInt(),
                config.get("num_hidden_layers").getAsInt(),
                config.get("num_attention_heads").getAsInt(),
                config.get("intermediate_size").getAsInt(),
                config.get("max_position_embeddings").getAsInt(),
                config.has("layer_norm_eps") ? config.get("layer_norm_eps").getAsDouble() : 1e-12);
        return new BertDirectory(shape, isFirstToken(directory), Safetensors.open(directory));
    }

    public BertShape shape() {
        return shape;
    }

    /** Whether a text's vector is that of its first token, not the mean over its tokens. */
    public boolean firstToken() {
        return firstToken;
    }

    /** The numbers of a tensor named as below {@code BertModel}, row-major. */
    public float[] tensor(String name) throws IOException {
        return tensors.read(prefix + name);
    }

    @Override
    public void close() throws IOException {
        tensors.close();
    }

    private static boolean isFirstToken(Path directory) throws IOException {
        boolean normalized = false;
        JsonObject pooling = new JsonObject();
        for (JsonElement element : (JsonArray) parse(directory.resolve("modules.json"))) {
            JsonObject module = element.getAsJsonObject();
            String type = module.get("type").getAsString();
            if (type.endsWith(".Pooling")) {
                pooling = object(
                        directory.resolve(module.get("path").getAsString()).resolve("config.json"));
            } else if (type.endsWith(".Normalize")) {
                normalized = true;
            } else {
                require(type.endsWith(".Transformer"), "it has a module " + type);
            }
        }
        require(normalized, "it does not normalize its vectors");
        boolean first = flag(pooling, "pooling_mode_cls_token");
        require(first != flag(pooling, "pooling_mode_mean_tokens"), "its pooling is neither mean nor first token");
        return first;
    }

    private static void require(boolean holds, String why) {
        if (!holds) {
            throw new IllegalArgumentException(why);
        }
    }

    private static boolean flag(JsonObject object, String key) {
        return object.has(key) && object.get(key).getAsBoolean();
    }

    private static String text(JsonObject object, String key, String otherwise) {
        return object.has(key) ? object.get(key).getAsString() : otherwise;
    }

    private static JsonObject object(Path file) throws IOException {
        return parse(file).getAsJsonObject();
    }

    private static JsonElement parse(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file));
    }
}
