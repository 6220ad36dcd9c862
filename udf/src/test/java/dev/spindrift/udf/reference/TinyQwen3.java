package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;

/** Qwen3 as Qwen3-Embedding holds it: a decoder, fewer heads of keys than of queries, each head normalized. */
final class TinyQwen3 implements TinyLayout {

    @Override
    public JsonObject config(TinySizes sizes) {
        int end = sizes.vocab() - TinyTokenizer.QWEN.specials().size();
        return Json.object(
                "architectures",
                List.of("Qwen3ForCausalLM"),
                "attention_bias",
                false,
                "attention_dropout",
                0.0,
                "bos_token_id",
                end,
                "eos_token_id",
                end,
                "head_dim",
                sizes.headDim(),
                "hidden_act",
                "silu",
                "hidden_size",
                sizes.hidden(),
                "initializer_range",
                0.02,
                "intermediate_size",
                sizes.intermediate(),
                "max_position_embeddings",
                sizes.maxPositions(),
                "max_window_layers",
                sizes.layers(),
                "model_type",
                "qwen3",
                "num_attention_heads",
                sizes.heads(),
                "num_hidden_layers",
                sizes.layers(),
                "num_key_value_heads",
                sizes.kvHeads(),
                "rms_norm_eps",
                1e-6,
                "rope_scaling",
                null,
                "rope_theta",
                1000000,
                "sliding_window",
                null,
                "tie_word_embeddings",
                true,
                "use_cache",
                true,
                "use_sliding_window",
                false,
                "vocab_size",
                sizes.vocab());
    }

    @Override
    public List<TinyTensor> tensors(JsonObject config) {
        int hidden = config.get("hidden_size").getAsInt();
        int inner = config.get("intermediate_size").getAsInt();
        int head = config.get("head_dim").getAsInt();
        long queries = (long) head * config.get("num_attention_heads").getAsInt();
        long keys = (long) head * config.get("num_key_value_heads").getAsInt();
        boolean bias = config.get("attention_bias").getAsBoolean();
        TensorList tensors = new TensorList()
                .embedding("embed_tokens", config.get("vocab_size").getAsInt(), hidden);
        for (int i = 0; i < config.get("num_hidden_layers").getAsInt(); i++) {
            String layer = "layers." + i + ".";
            tensors.scale(layer + "input_layernorm", hidden)
                    .linear(layer + "self_attn.q_proj", queries, hidden, bias)
                    .linear(layer + "self_attn.k_proj", keys, hidden, bias)
                    .linear(layer + "self_attn.v_proj", keys, hidden, bias)
                    .linear(layer + "self_attn.o_proj", hidden, queries, bias)
                    .scale(layer + "self_attn.q_norm", head)
                    .scale(layer + "self_attn.k_norm", head)
                    .scale(layer + "post_attention_layernorm", hidden)
                    .weight(layer + "mlp.gate_proj", inner, hidden)
                    .weight(layer + "mlp.up_proj", inner, hidden)
                    .weight(layer + "mlp.down_proj", hidden, inner);
        }
        return tensors.scale("norm", hidden).all();
    }
}
