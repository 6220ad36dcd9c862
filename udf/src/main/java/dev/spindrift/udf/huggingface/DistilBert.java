package dev.spindrift.udf.huggingface;

import java.util.List;

/** DistilBERT: BERT without token types, under other names. */
final class DistilBert {
    private DistilBert() {}

    static Encoder read(Settings config, Weights weights) {
        int hidden = config.integer("dim");
        int heads = config.integer("n_heads");
        int inner = config.integer("hidden_dim");
        Tensors tensors = new Tensors(weights, "embeddings.word_embeddings.weight");
        Numbers positions = tensors.table("embeddings.position_embeddings.weight", hidden);
        List<EncoderLayer> layers = Architectures.each(config.integer("n_layers"), i -> {
            String layer = "transformer.layer." + i + ".";
            String attention = layer + "attention.";
            return new EncoderLayer(
                    tensors.norm(layer + "sa_layer_norm", hidden),
                    tensors.stacked(
                            List.of(attention + "q_lin", attention + "k_lin", attention + "v_lin"),
                            new long[] {hidden, hidden, hidden},
                            hidden),
                    null,
                    null,
                    tensors.affine(attention + "out_lin", hidden, hidden),
                    tensors.norm(layer + "output_layer_norm", hidden),
                    tensors.affine(layer + "ffn.lin1", inner, hidden),
                    tensors.affine(layer + "ffn.lin2", hidden, inner),
                    false);
        });
        return new Encoder(
                tensors.table("embeddings.word_embeddings.weight", hidden),
                positions,
                tensors.norm("embeddings.LayerNorm", hidden),
                layers,
                null,
                heads,
                heads,
                Architectures.divided(config, hidden, heads, "dim"),
                false,
                0,
                List.of(),
                null,
                false,
                false,
                1e-12,
                Activation.named(config.string("activation", "gelu"), "activation"),
                false,
                (int) positions.shape()[0]);
    }
}
