package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;

/** NomicBERT: rotary positions, a gated layer, no biases; as nomic-embed-text holds it, with GPT-2's field names. */
final class TinyNomicBert implements TinyLayout {
    /** The gated layer is made a multiple of this wide, whatever the configuration says. */
    private static final int WIDTH_STEP = 256;

    @Override
    public JsonObject config(TinySizes sizes) {
        return Json.object(
                "activation_function",
                "swiglu",
                "architectures",
                List.of("NomicBertModel"),
                "attn_pdrop",
                0.0,
                "bos_token_id",
                null,
                "causal",
                false,
                "dense_seq_output",
                true,
                "embd_pdrop",
                0.0,
                "eos_token_id",
                null,
                "fused_bias_fc",
                true,
                "fused_dropout_add_ln",
                true,
                "initializer_range",
                0.02,
                "layer_norm_epsilon",
                1e-12,
                "max_trained_positions",
                sizes.maxPositions(),
                "mlp_fc1_bias",
                false,
                "mlp_fc2_bias",
                false,
                "model_type",
                "nomic_bert",
                "n_embd",
                sizes.hidden(),
                "n_head",
                sizes.heads(),
                "n_inner",
                sizes.intermediate(),
                "n_layer",
                sizes.layers(),
                "n_positions",
                sizes.maxPositions(),
                "pad_vocab_size_multiple",
                64,
                "parallel_block",
                false,
                "parallel_block_tied_norm",
                false,
                "prenorm",
                false,
                "qkv_proj_bias",
                false,
                "reorder_and_upcast_attn",
                false,
                "resid_pdrop",
                0.0,
                "rotary_emb_base",
                1000,
                "rotary_emb_fraction",
                1.0,
                "rotary_emb_interleaved",
                false,
                "rotary_emb_scale_base",
                null,
                "rotary_scaling_factor",
                null,
                "scale_attn_by_inverse_layer_idx",
                false,
                "scale_attn_weights",
                true,
                "type_vocab_size",
                2,
                "use_cache",
                true,
                "use_flash_attn",
                true,
                "use_rms_norm",
                false,
                "use_xentropy",
                true,
                "vocab_size",
                sizes.vocab());
    }

    @Override
    public List<TinyTensor> tensors(JsonObject config) {
        int hidden = config.get("n_embd").getAsInt();
        boolean gated = config.get("activation_function").getAsString().endsWith("glu");
        int given = config.get("n_inner").getAsInt();
        int inner = gated ? width(given) : given;
        boolean innerBias = config.get("mlp_fc1_bias").getAsBoolean();
        boolean attentionBias = config.get("qkv_proj_bias").getAsBoolean();
        int vocab = roundedUp(
                config.get("vocab_size").getAsInt(),
                config.get("pad_vocab_size_multiple").getAsInt());
        TensorList tensors = new TensorList().embedding("embeddings.word_embeddings", vocab, hidden);
        if (config.get("type_vocab_size").getAsInt() > 0) {
            tensors.embedding(
                    "embeddings.token_type_embeddings",
                    config.get("type_vocab_size").getAsInt(),
                    hidden);
        }
        tensors.layerNorm("emb_ln", hidden);
        for (int i = 0; i < config.get("n_layer").getAsInt(); i++) {
            String layer = "encoder.layers." + i + ".";
            tensors.linear(layer + "attn.Wqkv", 3L * hidden, hidden, attentionBias)
                    .linear(layer + "attn.out_proj", hidden, hidden, attentionBias)
                    .layerNorm(layer + "norm1", hidden);
            if (gated) {
                tensors.linear(layer + "mlp.fc11", inner, hidden, innerBias)
                        .linear(layer + "mlp.fc12", inner, hidden, innerBias);
            } else {
                tensors.linear(layer + "mlp.fc1", inner, hidden, innerBias);
            }
            tensors.linear(
                            layer + "mlp.fc2",
                            hidden,
                            inner,
                            config.get("mlp_fc2_bias").getAsBoolean())
                    .layerNorm(layer + "norm2", hidden);
        }
        return tensors.all();
    }

    /** How wide a gated layer is that is to have {@code inner} numbers. */
    static int width(int inner) {
        return roundedUp(inner, WIDTH_STEP);
    }

    private static int roundedUp(int number, int step) {
        return (number + step - 1) / step * step;
    }
}
