package dev.spindrift.udf.huggingface;

import java.util.List;

/** Qwen3: a decoder, whose tokens see only those before them, with fewer keys and values than queries. */
final class Qwen3 {
    private Qwen3() {}

    static Encoder read(Settings config, Weights weights) {
        Architectures.expect(config, "use_sliding_window", false);
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int keyValueHeads = config.integer("num_key_value_heads", heads);
        Architectures.divided(config, heads, keyValueHeads, "num_attention_heads");
        int headSize = config.has("head_dim")
                ? config.integer("head_dim")
                : Architectures.divided(config, hidden, heads, "hidden_size");
        int inner = config.integer("intermediate_size");
        long queries = (long) heads * headSize;
        long keys = (long) keyValueHeads * headSize;
        Tensors tensors = new Tensors(weights, "embed_tokens.weight");
        List<EncoderLayer> layers = Architectures.each(config.integer("num_hidden_layers"), i -> {
            String layer = "layers." + i + ".";
            String attention = layer + "self_attn.";
            return new EncoderLayer(
                    tensors.norm(layer + "input_layernorm", hidden),
                    tensors.stacked(
                            List.of(attention + "q_proj", attention + "k_proj", attention + "v_proj"),
                            new long[] {queries, keys, keys},
                            hidden),
                    tensors.norm(attention + "q_norm", headSize),
                    tensors.norm(attention + "k_norm", headSize),
                    tensors.affine(attention + "o_proj", hidden, queries),
                    tensors.norm(layer + "post_attention_layernorm", hidden),
                    tensors.stacked(
                            List.of(layer + "mlp.gate_proj", layer + "mlp.up_proj"), new long[] {inner, inner}, hidden),
                    tensors.affine(layer + "mlp.down_proj", hidden, inner),
                    false);
        });
        return new Encoder(
                tensors.table("embed_tokens.weight", hidden),
                null,
                null,
                layers,
                tensors.norm("norm", hidden),
                new Attention(
                        heads,
                        keyValueHeads,
                        headSize,
                        true,
                        0,
                        List.of(Architectures.frequencies(theta(config), headSize)),
                        null),
                new NormStyle(true, true, config.decimal("rms_norm_eps", 1e-6)),
                Activation.named(config.string("hidden_act", "silu"), "hidden_act"),
                true,
                config.integer("max_position_embeddings"));
    }

    private static double theta(Settings config) {
        if (config.has("rope_parameters")) {
            Settings parameters = config.object("rope_parameters");
            Architectures.expect(parameters, "rope_type", "default");
            return parameters.decimal("rope_theta");
        }
        if (config.has("rope_scaling")) {
            Architectures.expect(config.object("rope_scaling"), "rope_type", "default");
        }
        return config.decimal("rope_theta", 10_000);
    }
}
