package dev.spindrift.udf.huggingface;

import java.util.List;

/** Nomic's BERT: rotated queries and keys instead of positions, and a gated MLP. */
final class NomicBert {
    private NomicBert() {}

    static Encoder read(Settings config, Weights weights) {
        Architectures.expect(config, "prenorm", false);
        Architectures.expect(config, "parallel_block", false);
        Architectures.expect(config, "use_rms_norm", false);
        Architectures.expect(config, "causal", false);
        Architectures.expect(config, "rotary_emb_interleaved", false);
        Architectures.expectNone(config, "rotary_emb_scale_base");
        Architectures.expectNone(config, "rotary_scaling_factor");
        Architectures.expectNone(config, "num_experts");
        if (config.decimal("rotary_emb_fraction", 1) != 1) {
            throw new IllegalArgumentException("Cannot run this model: " + config.file() + " has rotary_emb_fraction "
                    + config.decimal("rotary_emb_fraction") + ", and of model_type \"nomic_bert\" only 1 is known.");
        }
        // Nomic's own code names fields as GPT-2 does, transformers 5 as BERT does.
        boolean asGpt2 = config.has("n_embd");
        int hidden = config.integer(asGpt2 ? "n_embd" : "hidden_size");
        int heads = config.integer(asGpt2 ? "n_head" : "num_attention_heads");
        int headSize = Architectures.divided(config, hidden, heads, asGpt2 ? "n_embd" : "hidden_size");
        Tensors tensors = new Tensors(weights, "embeddings.word_embeddings.weight");
        // The model's own code rounds n_inner up, by a rule that config.json does not tell.
        long inner = tensors.table("encoder.layers.0.mlp.fc11.weight", hidden).shape()[0];
        Numbers words = tensors.table("embeddings.word_embeddings.weight", hidden);
        if (tensors.has("embeddings.token_type_embeddings.weight")) {
            words = words.plus(tensors.row("embeddings.token_type_embeddings.weight", 0, hidden));
        }
        List<EncoderLayer> layers = Architectures.each(config.integer(asGpt2 ? "n_layer" : "num_hidden_layers"), i -> {
            String layer = "encoder.layers." + i + ".";
            return new EncoderLayer(
                    tensors.norm(layer + "norm1", hidden),
                    tensors.affine(layer + "attn.Wqkv", 3L * hidden, hidden),
                    null,
                    null,
                    tensors.affine(layer + "attn.out_proj", hidden, hidden),
                    tensors.norm(layer + "norm2", hidden),
                    // The second of the two is what is activated.
                    tensors.stacked(List.of(layer + "mlp.fc12", layer + "mlp.fc11"), new long[] {inner, inner}, hidden),
                    tensors.affine(layer + "mlp.fc2", hidden, inner),
                    false);
        });
        return new Encoder(
                words,
                null,
                tensors.norm("emb_ln", hidden),
                layers,
                null,
                Attention.rotated(heads, headSize, Architectures.frequencies(theta(config), headSize)),
                NormStyle.last(config.decimal(asGpt2 ? "layer_norm_epsilon" : "layer_norm_eps", 1e-12)),
                asGpt2 ? activation(config) : Activation.named(config.string("hidden_act", "silu"), "hidden_act"),
                true,
                config.integer(asGpt2 ? "n_positions" : "max_position_embeddings"));
    }

    private static double theta(Settings config) {
        if (!config.has("rope_parameters")) {
            return config.decimal("rotary_emb_base", 10_000);
        }
        Settings parameters = config.object("rope_parameters");
        Architectures.expect(parameters, "rope_type", "default");
        return parameters.decimal("rope_theta");
    }

    private static Activation activation(Settings config) {
        String name = config.string("activation_function", "swiglu");
        return switch (name) {
            case "swiglu" -> Activation.SILU;
            case "geglu" -> Activation.GELU;
            case "glu" -> Activation.SIGMOID;
            default ->
                throw new IllegalArgumentException("Cannot run this model: " + config.file()
                        + " has activation_function \"" + name
                        + "\", and of model_type \"nomic_bert\" only swiglu, geglu and glu are known.");
        };
    }
}
