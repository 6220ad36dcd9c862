package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;

/** BERT and its kin with the same tensors: RoBERTa, XLM-RoBERTa and CamemBERT. */
final class TinyBert implements TinyLayout {
    private final String type;
    private final String architecture;
    private final boolean countsFromPadding;

    /**
     * @param countsFromPadding whether the first position is the one after the padding token's id, as in RoBERTa
     */
    TinyBert(String type, String architecture, boolean countsFromPadding) {
        this.type = type;
        this.architecture = architecture;
        this.countsFromPadding = countsFromPadding;
    }

    @Override
    public JsonObject config(TinySizes sizes) {
        int padding = countsFromPadding ? 1 : 0;
        JsonObject config = Json.object(
                "architectures",
                List.of(architecture),
                "attention_probs_dropout_prob",
                0.1,
                "classifier_dropout",
                null,
                "hidden_act",
                "gelu",
                "hidden_dropout_prob",
                0.1,
                "hidden_size",
                sizes.hidden(),
                "initializer_range",
                0.02,
                "intermediate_size",
                sizes.intermediate(),
                "layer_norm_eps",
                countsFromPadding ? 1e-5 : 1e-12,
                "max_position_embeddings",
                sizes.maxPositions() + (countsFromPadding ? padding + 1 : 0),
                "model_type",
                type,
                "num_attention_heads",
                sizes.heads(),
                "num_hidden_layers",
                sizes.layers(),
                "pad_token_id",
                padding,
                "position_embedding_type",
                "absolute",
                "type_vocab_size",
                countsFromPadding ? 1 : 2,
                "use_cache",
                true,
                "vocab_size",
                sizes.vocab());
        if (countsFromPadding) {
            config.addProperty("bos_token_id", 0);
            config.addProperty("eos_token_id", 2);
        }
        return config;
    }

    @Override
    public List<TinyTensor> tensors(JsonObject config) {
        int hidden = config.get("hidden_size").getAsInt();
        int inner = config.get("intermediate_size").getAsInt();
        int positions = config.get("max_position_embeddings").getAsInt();
        TensorList tensors = new TensorList()
                .positionIds("embeddings.position_ids", positions)
                .embedding(
                        "embeddings.word_embeddings", config.get("vocab_size").getAsInt(), hidden)
                .embedding("embeddings.position_embeddings", positions, hidden)
                .embedding(
                        "embeddings.token_type_embeddings",
                        config.get("type_vocab_size").getAsInt(),
                        hidden)
                .layerNorm("embeddings.LayerNorm", hidden);
        for (int i = 0; i < config.get("num_hidden_layers").getAsInt(); i++) {
            String layer = "encoder.layer." + i + ".";
            tensors.linear(layer + "attention.self.query", hidden, hidden)
                    .linear(layer + "attention.self.key", hidden, hidden)
                    .linear(layer + "attention.self.value", hidden, hidden)
                    .linear(layer + "attention.output.dense", hidden, hidden)
                    .layerNorm(layer + "attention.output.LayerNorm", hidden)
                    .linear(layer + "intermediate.dense", inner, hidden)
                    .linear(layer + "output.dense", hidden, inner)
                    .layerNorm(layer + "output.LayerNorm", hidden);
        }
        return tensors.linear("pooler.dense", hidden, hidden).all();
    }
}
