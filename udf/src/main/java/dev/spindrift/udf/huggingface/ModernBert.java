package dev.spindrift.udf.huggingface;

import java.util.List;

/** ModernBERT: norms first, layers that see all in turn with layers that see what is near, a gated MLP. */
final class ModernBert {
    private ModernBert() {}

    static Encoder read(Settings config, Weights weights) {
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int headSize = Architectures.divided(config, hidden, heads, "hidden_size");
        int inner = config.integer("intermediate_size");
        int layerCount = config.integer("num_hidden_layers");
        List<Boolean> local = local(config, layerCount);
        Tensors tensors = new Tensors(weights, "embeddings.tok_embeddings.weight");
        List<EncoderLayer> layers = Architectures.each(layerCount, i -> {
            String layer = "layers." + i + ".";
            return new EncoderLayer(
                    // The first layer's input is the norm of the embeddings already.
                    tensors.has(layer + "attn_norm.weight") ? tensors.norm(layer + "attn_norm", hidden) : null,
                    tensors.affine(layer + "attn.Wqkv", 3L * hidden, hidden),
                    null,
                    null,
                    tensors.affine(layer + "attn.Wo", hidden, hidden),
                    tensors.norm(layer + "mlp_norm", hidden),
                    tensors.affine(layer + "mlp.Wi", 2L * inner, hidden),
                    tensors.affine(layer + "mlp.Wo", hidden, inner),
                    local.get(i));
        });
        double globalTheta = theta(config, "full_attention", config.decimal("global_rope_theta", 160_000));
        double localTheta = theta(config, "sliding_attention", config.decimal("local_rope_theta", globalTheta));
        return new Encoder(
                tensors.table("embeddings.tok_embeddings.weight", hidden),
                null,
                tensors.norm("embeddings.norm", hidden),
                layers,
                tensors.norm("final_norm", hidden),
                new Attention(
                        heads,
                        heads,
                        headSize,
                        false,
                        config.integer("local_attention", 128) / 2,
                        List.of(
                                Architectures.frequencies(globalTheta, headSize),
                                Architectures.frequencies(localTheta, headSize)),
                        null),
                new NormStyle(true, false, config.decimal("norm_eps", 1e-5)),
                Activation.named(config.string("hidden_activation", "gelu"), "hidden_activation"),
                true,
                config.integer("max_position_embeddings"));
    }

    /** Which layers are local: newer files list them, older ones say that each n-th is not. */
    private static List<Boolean> local(Settings config, int layers) {
        if (config.has("layer_types")) {
            List<String> types = config.strings("layer_types");
            if (types.size() != layers) {
                throw new IllegalArgumentException("Cannot run this model: " + config.file() + " has layer_types for "
                        + types.size() + " of " + layers + " layers.");
            }
            return types.stream().map("sliding_attention"::equals).toList();
        }
        int every = Math.max(1, config.integer("global_attn_every_n_layers", 3));
        return Architectures.each(layers, i -> i % every != 0);
    }

    private static double theta(Settings config, String layerType, double otherwise) {
        if (!config.has("rope_parameters")) {
            return otherwise;
        }
        Settings parameters = config.object("rope_parameters").object(layerType);
        Architectures.expect(parameters, "rope_type", "default");
        return parameters.decimal("rope_theta", otherwise);
    }
}
