package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;

/** MPNet, with one bias per head and distance for all layers. */
final class TinyMpnet implements TinyLayout {

    @Override
    public JsonObject config(TinySizes sizes) {
        return Json.object(
                "architectures",
                List.of("MPNetModel"),
                "attention_probs_dropout_prob",
                0.1,
                "bos_token_id",
                0,
                "eos_token_id",
                2,
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
                1e-5,
                "max_position_embeddings",
                sizes.maxPositions() + 2,
                "model_type",
                "mpnet",
                "num_attention_heads",
                sizes.heads(),
                "num_hidden_layers",
                sizes.layers(),
                "pad_token_id",
                1,
                "relative_attention_num_buckets",
                32,
                "vocab_size",
                sizes.vocab());
    }

    @Override
    public List<TinyTensor> tensors(JsonObject config) {
        int hidden = config.get("hidden_size").getAsInt();
        int inner = config.get("intermediate_size").getAsInt();
        long heads = config.get("num_attention_heads").getAsLong();
        int positions = config.get("max_position_embeddings").getAsInt();
        TensorList tensors = new TensorList()
                .positionIds("embeddings.position_ids", positions)
                .embedding(
                        "embeddings.word_embeddings", config.get("vocab_size").getAsInt(), hidden)
                .embedding("embeddings.position_embeddings", positions, hidden)
                .layerNorm("embeddings.LayerNorm", hidden)
                .embedding("encoder.relative_attention_bias", 32, heads);
        for (int i = 0; i < config.get("num_hidden_layers").getAsInt(); i++) {
            String layer = "encoder.layer." + i + ".";
            tensors.linear(layer + "attention.attn.q", hidden, hidden)
                    .linear(layer + "attention.attn.k", hidden, hidden)
                    .linear(layer + "attention.attn.v", hidden, hidden)
                    .linear(layer + "attention.attn.o", hidden, hidden)
                    .layerNorm(layer + "attention.LayerNorm", hidden)
                    .linear(layer + "intermediate.dense", inner, hidden)
                    .linear(layer + "output.dense", hidden, inner)
                    .layerNorm(layer + "output.LayerNorm", hidden);
        }
        return tensors.linear("pooler.dense", hidden, hidden).all();
    }
}
