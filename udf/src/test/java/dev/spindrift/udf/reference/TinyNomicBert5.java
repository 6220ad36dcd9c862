package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/** NomicBERT as transformers 5 writes it: the same tensors, BERT's field names. */
final class TinyNomicBert5 implements TinyLayout {
    private final TinyNomicBert older = new TinyNomicBert();

    @Override
    public JsonObject config(TinySizes sizes) {
        return Json.object(
                "architectures",
                List.of("NomicBertModel"),
                "attention_probs_dropout_prob",
                0.0,
                "bos_token_id",
                null,
                "classifier_dropout",
                null,
                "eos_token_id",
                null,
                "head_dim",
                sizes.hidden() / sizes.heads(),
                "hidden_act",
                "silu",
                "hidden_dropout_prob",
                0.0,
                "hidden_size",
                sizes.hidden(),
                "initializer_range",
                0.02,
                "intermediate_size",
                TinyNomicBert.width(sizes.intermediate()),
                "layer_norm_eps",
                1e-12,
                "max_position_embeddings",
                sizes.maxPositions(),
                "model_type",
                "nomic_bert",
                "num_attention_heads",
                sizes.heads(),
                "num_hidden_layers",
                sizes.layers(),
                "pad_token_id",
                0,
                "rope_parameters",
                Map.of("rope_theta", 1000.0, "rope_type", "default"),
                "type_vocab_size",
                2,
                "vocab_size",
                sizes.vocab());
    }

    @Override
    public List<TinyTensor> tensors(JsonObject config) {
        int hidden = config.get("hidden_size").getAsInt();
        int heads = config.get("num_attention_heads").getAsInt();
        JsonObject same = older.config(new TinySizes(
                hidden,
                config.get("num_hidden_layers").getAsInt(),
                heads,
                heads,
                hidden / heads,
                config.get("intermediate_size").getAsInt(),
                config.get("vocab_size").getAsInt(),
                config.get("max_position_embeddings").getAsInt()));
        same.addProperty("pad_vocab_size_multiple", 1);
        return older.tensors(same);
    }
}
