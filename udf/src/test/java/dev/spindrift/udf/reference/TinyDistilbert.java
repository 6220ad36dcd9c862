package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;

/** DistilBERT: BERT without token types, under other names. */
final class TinyDistilbert implements TinyLayout {

    @Override
    public JsonObject config(TinySizes sizes) {
        return Json.object(
                "activation",
                "gelu",
                "architectures",
                List.of("DistilBertModel"),
                "attention_dropout",
                0.1,
                "dim",
                sizes.hidden(),
                "dropout",
                0.1,
                "hidden_dim",
                sizes.intermediate(),
                "initializer_range",
                0.02,
                "max_position_embeddings",
                sizes.maxPositions(),
                "model_type",
                "distilbert",
                "n_heads",
                sizes.heads(),
                "n_layers",
                sizes.layers(),
                "pad_token_id",
                0,
                "sinusoidal_pos_embds",
                false,
                "tie_weights_",
                true,
                "vocab_size",
                sizes.vocab());
    }

    @Override
    public List<TinyTensor> tensors(JsonObject config) {
        int hidden = config.get("dim").getAsInt();
        int inner = config.get("hidden_dim").getAsInt();
        TensorList tensors = new TensorList()
                .embedding(
                        "embeddings.word_embeddings", config.get("vocab_size").getAsInt(), hidden)
                .embedding(
                        "embeddings.position_embeddings",
                        config.get("max_position_embeddings").getAsInt(),
                        hidden)
                .layerNorm("embeddings.LayerNorm", hidden);
        for (int i = 0; i < config.get("n_layers").getAsInt(); i++) {
            String layer = "transformer.layer." + i + ".";
            tensors.linear(layer + "attention.q_lin", hidden, hidden)
                    .linear(layer + "attention.k_lin", hidden, hidden)
                    .linear(layer + "attention.v_lin", hidden, hidden)
                    .linear(layer + "attention.out_lin", hidden, hidden)
                    .layerNorm(layer + "sa_layer_norm", hidden)
                    .linear(layer + "ffn.lin1", inner, hidden)
                    .linear(layer + "ffn.lin2", hidden, inner)
                    .layerNorm(layer + "output_layer_norm", hidden);
        }
        return tensors.all();
    }
}
