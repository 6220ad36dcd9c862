package dev.spindrift.udf.huggingface;

import java.util.List;

/** BERT, and the families that differ from it in names and in where positions begin. */
final class Bert {

    /**
     * What a family calls its parts.
     *
     * @param hidden in config.json, as are the next four
     * @param layer what stands before a layer's number and tensors, as do the names below behind it
     */
    private record Names(
            String hidden,
            String heads,
            String inner,
            String layers,
            String activation,
            String layer,
            List<String> queryKeyValue,
            String attentionOut,
            String attentionNorm,
            String mlpIn,
            String mlpOut,
            String mlpNorm) {}

    private static final Names BERT = new Names(
            "hidden_size",
            "num_attention_heads",
            "intermediate_size",
            "num_hidden_layers",
            "hidden_act",
            "encoder.layer.",
            List.of("attention.self.query", "attention.self.key", "attention.self.value"),
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    private static final Names DISTILBERT = new Names(
            "dim",
            "n_heads",
            "hidden_dim",
            "n_layers",
            "activation",
            "transformer.layer.",
            List.of("attention.q_lin", "attention.k_lin", "attention.v_lin"),
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm");

    private static final Names MPNET = new Names(
            "hidden_size",
            "num_attention_heads",
            "intermediate_size",
            "num_hidden_layers",
            "hidden_act",
            "encoder.layer.",
            List.of("attention.attn.q", "attention.attn.k", "attention.attn.v"),
            "attention.attn.o",
            "attention.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    private Bert() {}

    /**
     * BERT, or of RoBERTa's family.
     *
     * @param skippedPositions rows of the position table before that of a text's first token
     */
    static Encoder read(Settings config, Weights weights, int skippedPositions) {
        Architectures.expect(config, "position_embedding_type", "absolute");
        Architectures.expect(config, "is_decoder", false);
        Architectures.expect(config, "add_cross_attention", false);
        return read(config, new Tensors(weights, "embeddings.word_embeddings.weight"), BERT, skippedPositions);
    }

    static Encoder distilBert(Settings config, Weights weights) {
        return read(config, new Tensors(weights, "embeddings.word_embeddings.weight"), DISTILBERT, 0);
    }

    /** MPNet but for its bias. */
    static Encoder mpNet(Settings config, Tensors tensors, int skippedPositions) {
        return read(config, tensors, MPNET, skippedPositions);
    }

    private static Encoder read(Settings config, Tensors tensors, Names names, int skippedPositions) {
        int hidden = config.integer(names.hidden);
        int heads = config.integer(names.heads);
        int inner = config.integer(names.inner);
        Numbers table = tensors.table("embeddings.position_embeddings.weight", hidden);
        Numbers positions = table.rows(skippedPositions, table.shape()[0] - skippedPositions);
        if (tensors.has("embeddings.token_type_embeddings.weight")) {
            positions = positions.plus(tensors.row("embeddings.token_type_embeddings.weight", 0, hidden));
        }
        List<EncoderLayer> layers = Architectures.each(config.integer(names.layers), i -> {
            String layer = names.layer + i + ".";
            return new EncoderLayer(
                    tensors.norm(layer + names.attentionNorm, hidden),
                    tensors.stacked(
                            names.queryKeyValue.stream().map(layer::concat).toList(),
                            new long[] {hidden, hidden, hidden},
                            hidden),
                    null,
                    null,
                    tensors.affine(layer + names.attentionOut, hidden, hidden),
                    tensors.norm(layer + names.mlpNorm, hidden),
                    tensors.affine(layer + names.mlpIn, inner, hidden),
                    tensors.affine(layer + names.mlpOut, hidden, inner),
                    false);
        });
        return new Encoder(
                tensors.table("embeddings.word_embeddings.weight", hidden),
                positions,
                tensors.norm("embeddings.LayerNorm", hidden),
                layers,
                null,
                Attention.plain(heads, Architectures.divided(config, hidden, heads, names.hidden)),
                NormStyle.last(config.decimal("layer_norm_eps", 1e-12)),
                Activation.named(config.string(names.activation, "gelu"), names.activation),
                false,
                (int) positions.shape()[0]);
    }
}
