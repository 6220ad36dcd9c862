package dev.spindrift.udf.huggingface;

import java.util.List;

/** GTE's own encoder ({@code model_type} "new", or "gte"): rotated queries and keys, and a gated MLP. */
final class Gte {
    private Gte() {}

    static Encoder read(Settings config, Weights weights) {
        Architectures.expect(config, "position_embedding_type", "rope");
        Architectures.expect(config, "layer_norm_type", "layer_norm");
        Architectures.expect(config, "logn_attention_scale", false);
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int headSize = Architectures.divided(config, hidden, heads, "hidden_size");
        int inner = config.integer("intermediate_size");
        Tensors tensors = new Tensors(weights, "embeddings.word_embeddings.weight");
        Numbers words = tensors.table("embeddings.word_embeddings.weight", hidden);
        if (tensors.has("embeddings.token_type_embeddings.weight")) {
            words = words.plus(tensors.row("embeddings.token_type_embeddings.weight", 0, hidden));
        }
        List<EncoderLayer> layers = Architectures.each(config.integer("num_hidden_layers"), i -> {
            String layer = "encoder.layer." + i + ".";
            String attention = layer + "attention.";
            return new EncoderLayer(
                    tensors.norm(layer + "attn_ln", hidden),
                    config.flag("pack_qkv", true)
                            ? tensors.affine(attention + "qkv_proj", 3L * hidden, hidden)
                            : tensors.stacked(
                                    List.of(attention + "q_proj", attention + "k_proj", attention + "v_proj"),
                                    new long[] {hidden, hidden, hidden},
                                    hidden),
                    null,
                    null,
                    tensors.affine(attention + "o_proj", hidden, hidden),
                    tensors.norm(layer + "mlp_ln", hidden),
                    gateFirst(tensors.affine(layer + "mlp.up_gate_proj", 2L * inner, hidden), inner),
                    tensors.affine(layer + "mlp.down_proj", hidden, inner),
                    false);
        });
        return new Encoder(
                words,
                null,
                tensors.norm("embeddings.LayerNorm", hidden),
                layers,
                null,
                Attention.rotated(heads, headSize, frequencies(config, headSize)),
                NormStyle.last(config.decimal("layer_norm_eps", 1e-12)),
                Activation.named(config.string("hidden_act", "gelu"), "hidden_act"),
                true,
                config.integer("max_position_embeddings"));
    }

    /** What is activated stands second in the file. */
    private static Affine gateFirst(Affine upGate, int inner) {
        Numbers weight = upGate.weight();
        Numbers bias = upGate.bias();
        return new Affine(
                Numbers.stacked(weight.rows(inner, inner), weight.rows(0, inner)),
                bias == null ? null : Numbers.stacked(bias.rows(inner, inner), bias.rows(0, inner)));
    }

    /**
     * Scaled by the "ntk" rule: base times factor, and all frequencies over factor to the power of 2 / size. That is what
     * transformers 5 makes of it and calls "linear".
     */
    private static double[] frequencies(Settings config, int size) {
        if (config.has("rope_parameters")) {
            Settings parameters = config.object("rope_parameters");
            double theta = parameters.decimal("rope_theta");
            if (parameters.string("rope_type", "default").equals("linear")) {
                return slowed(Architectures.frequencies(theta, size), parameters.decimal("factor"));
            }
            Architectures.expect(parameters, "rope_type", "default");
            return Architectures.frequencies(theta, size);
        }
        double theta = config.decimal("rope_theta", 10_000);
        if (!config.has("rope_scaling")) {
            return Architectures.frequencies(theta, size);
        }
        Settings scaling = config.object("rope_scaling");
        Architectures.expect(scaling, "type", "ntk");
        Architectures.expectNone(scaling, "mixed_b");
        double factor = scaling.decimal("factor");
        return slowed(Architectures.frequencies(theta * factor, size), Math.pow(factor, 2.0 / size));
    }

    private static double[] slowed(double[] frequencies, double factor) {
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= factor;
        }
        return frequencies;
    }
}
