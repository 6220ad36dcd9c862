package dev.spindrift.udf.reference;

/** What the checkpoints of BERT's kin call the parts of a layer. */
record ReferenceBertNames(
        String layer,
        String query,
        String key,
        String value,
        String output,
        String attentionNorm,
        String inner,
        String outer,
        String outputNorm) {

    static ReferenceBertNames of(String modelType) {
        return switch (modelType) {
            case "mpnet" ->
                new ReferenceBertNames(
                        "encoder.layer.",
                        "attention.attn.q",
                        "attention.attn.k",
                        "attention.attn.v",
                        "attention.attn.o",
                        "attention.LayerNorm",
                        "intermediate.dense",
                        "output.dense",
                        "output.LayerNorm");
            case "distilbert" ->
                new ReferenceBertNames(
                        "transformer.layer.",
                        "attention.q_lin",
                        "attention.k_lin",
                        "attention.v_lin",
                        "attention.out_lin",
                        "sa_layer_norm",
                        "ffn.lin1",
                        "ffn.lin2",
                        "output_layer_norm");
            default ->
                new ReferenceBertNames(
                        "encoder.layer.",
                        "attention.self.query",
                        "attention.self.key",
                        "attention.self.value",
                        "attention.output.dense",
                        "attention.output.LayerNorm",
                        "intermediate.dense",
                        "output.dense",
                        "output.LayerNorm");
        };
    }
}
