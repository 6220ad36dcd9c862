package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/** GTE's "new" model: rotary positions stretched by NTK, one projection for queries, keys and values, a gated layer. */
final class TinyGte implements TinyLayout {

    @Override
    public JsonObject config(TinySizes sizes) {
        return Json.object(
                "architectures",
                List.of("NewModel"),
                "attention_probs_dropout_prob",
                0.0,
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
                1e-12,
                "layer_norm_type",
                "layer_norm",
                "logn_attention_clip1",
                false,
                "logn_attention_scale",
                false,
                "max_position_embeddings",
                sizes.maxPositions(),
                "model_type",
                "new",
                "num_attention_heads",
                sizes.heads(),
                "num_hidden_layers",
                sizes.layers(),
                "pack_qkv",
                true,
                "pad_token_id",
                0,
                "position_embedding_type",
                "rope",
                "rope_scaling",
                Map.of("factor", 2.0, "type", "ntk"),
                "rope_theta",
                500000,
                "type_vocab_size",
                0,
                "unpad_inputs",
                false,
                "use_memory_efficient_attention",
                false,
                "vocab_size",
                sizes.vocab());
    }

    @Override
    public List<TinyTensor> tensors(JsonObject config) {
        int hidden = config.get("hidden_size").getAsInt();
        int inner = config.get("intermediate_size").getAsInt();
        int types = config.get("type_vocab_size").getAsInt();
        TensorList tensors = new TensorList()
                .embedding(
                        "embeddings.word_embeddings", config.get("vocab_size").getAsInt(), hidden)
                .layerNorm("embeddings.LayerNorm", hidden);
        if (types > 0) {
            tensors.embedding("embeddings.token_type_embeddings", types, hidden);
        }
        for (int i = 0; i < config.get("num_hidden_layers").getAsInt(); i++) {
            String layer = "encoder.layer." + i + ".";
            if (config.get("pack_qkv").getAsBoolean()) {
                tensors.linear(layer + "attention.qkv_proj", 3L * hidden, hidden);
            } else {
                tensors.linear(layer + "attention.q_proj", hidden, hidden)
                        .linear(layer + "attention.k_proj", hidden, hidden)
                        .linear(layer + "attention.v_proj", hidden, hidden);
            }
            tensors.linear(layer + "attention.o_proj", hidden, hidden)
                    .layerNorm(layer + "attn_ln", hidden)
                    .weight(layer + "mlp.up_gate_proj", 2L * inner, hidden)
                    .linear(layer + "mlp.down_proj", hidden, inner)
                    .layerNorm(layer + "mlp_ln", hidden);
        }
        return tensors.all();
    }
}
