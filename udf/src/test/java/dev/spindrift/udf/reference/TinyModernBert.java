package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;

/** ModernBERT: normalized before each part, most layers of which see only near tokens. */
final class TinyModernBert implements TinyLayout {

    @Override
    public JsonObject config(TinySizes sizes) {
        int special = sizes.vocab() - TinyTokenizer.MODERNBERT.specials().size();
        return Json.object(
                "architectures",
                List.of("ModernBertModel"),
                "attention_bias",
                false,
                "attention_dropout",
                0.0,
                "bos_token_id",
                special + 1,
                "classifier_pooling",
                "mean",
                "cls_token_id",
                special + 1,
                "decoder_bias",
                true,
                "deterministic_flash_attn",
                false,
                "embedding_dropout",
                0.0,
                "eos_token_id",
                special + 2,
                "global_attn_every_n_layers",
                3,
                "global_rope_theta",
                160000.0,
                "gradient_checkpointing",
                false,
                "hidden_activation",
                "gelu",
                "hidden_size",
                sizes.hidden(),
                "initializer_range",
                0.02,
                "intermediate_size",
                sizes.intermediate(),
                "layer_norm_eps",
                1e-5,
                "local_attention",
                16,
                "local_rope_theta",
                10000.0,
                "max_position_embeddings",
                sizes.maxPositions(),
                "mlp_bias",
                false,
                "mlp_dropout",
                0.0,
                "model_type",
                "modernbert",
                "norm_bias",
                false,
                "norm_eps",
                1e-5,
                "num_attention_heads",
                sizes.heads(),
                "num_hidden_layers",
                sizes.layers(),
                "pad_token_id",
                special + 3,
                "position_embedding_type",
                "absolute",
                "reference_compile",
                null,
                "sep_token_id",
                special + 2,
                "tie_word_embeddings",
                true,
                "vocab_size",
                sizes.vocab());
    }

    @Override
    public List<TinyTensor> tensors(JsonObject config) {
        int hidden = config.get("hidden_size").getAsInt();
        int inner = config.get("intermediate_size").getAsInt();
        boolean attentionBias = config.get("attention_bias").getAsBoolean();
        boolean innerBias = config.get("mlp_bias").getAsBoolean();
        boolean normBias = config.get("norm_bias").getAsBoolean();
        TensorList tensors = new TensorList()
                .embedding("embeddings.tok_embeddings", config.get("vocab_size").getAsInt(), hidden)
                .norm("embeddings.norm", hidden, normBias);
        for (int i = 0; i < config.get("num_hidden_layers").getAsInt(); i++) {
            String layer = "layers." + i + ".";
            if (i > 0) {
                tensors.norm(layer + "attn_norm", hidden, normBias);
            }
            tensors.linear(layer + "attn.Wqkv", 3L * hidden, hidden, attentionBias)
                    .linear(layer + "attn.Wo", hidden, hidden, attentionBias)
                    .norm(layer + "mlp_norm", hidden, normBias)
                    .linear(layer + "mlp.Wi", 2L * inner, hidden, innerBias)
                    .linear(layer + "mlp.Wo", hidden, inner, innerBias);
        }
        return tensors.norm("final_norm", hidden, normBias).all();
    }
}
