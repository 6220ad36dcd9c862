package dev.spindrift.udf.huggingface;

import java.util.List;

/** BERT, and RoBERTa's family, which differs in where its positions begin. */
final class Bert {
    private Bert() {}

    /**
     * @param skippedPositions rows of the position table before that of a text's first token
     */
    static Encoder read(Settings config, Weights weights, int skippedPositions) {
        Architectures.expect(config, "position_embedding_type", "absolute");
        Architectures.expect(config, "is_decoder", false);
        Architectures.expect(config, "add_cross_attention", false);
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int headSize = Architectures.divided(config, hidden, heads, "hidden_size");
        int inner = config.integer("intermediate_size");
        Tensors tensors = new Tensors(weights, "embeddings.word_embeddings.weight");
        Numbers table = tensors.table("embeddings.position_embeddings.weight", hidden);
        Numbers positions = table.rows(skippedPositions, table.shape()[0] - skippedPositions);
        if (tensors.has("embeddings.token_type_embeddings.weight")) {
            positions = positions.plus(tensors.row("embeddings.token_type_embeddings.weight", 0, hidden));
        }
        List<EncoderLayer> layers = Architectures.each(config.integer("num_hidden_layers"), i -> {
            String layer = "encoder.layer." + i + ".";
            String self = layer + "attention.self.";
            return new EncoderLayer(
                    tensors.norm(layer + "attention.output.LayerNorm", hidden),
                    tensors.stacked(
                            List.of(self + "query", self + "key", self + "value"),
                            new long[] {hidden, hidden, hidden},
                            hidden),
                    null,
                    null,
                    tensors.affine(layer + "attention.output.dense", hidden, hidden),
                    tensors.norm(layer + "output.LayerNorm", hidden),
                    tensors.affine(layer + "intermediate.dense", inner, hidden),
                    tensors.affine(layer + "output.dense", hidden, inner),
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
                headSize,
                false,
                0,
                List.of(),
                null,
                false,
                false,
                config.decimal("layer_norm_eps", 1e-12),
                Activation.named(config.string("hidden_act", "gelu"), "hidden_act"),
                false,
                (int) positions.shape()[0]);
    }
}
