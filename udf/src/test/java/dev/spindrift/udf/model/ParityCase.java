package dev.spindrift.udf.model;

import dev.spindrift.udf.reference.Family;
import dev.spindrift.udf.reference.NumberKind;
import dev.spindrift.udf.reference.PoolingMode;
import dev.spindrift.udf.reference.TinyModel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A small model to compare.
 *
 * @param differs from the family's usual model in this
 * @param tokens the longest sequence it reads
 */
record ParityCase(Family family, String differs, int tokens, TinyModel model) {

    private static final int TOKENS = 160;

    private static final String GLOBAL = "full_attention";
    private static final String LOCAL = "sliding_attention";

    /** Each family's usual model. */
    static Stream<ParityCase> usual() {
        return Arrays.stream(Family.values()).map(family -> of(family, "as usual", TinyModel.of(family)));
    }

    /** Other shapes, poolings, kinds of numbers, files, names and options of the configuration. */
    static Stream<ParityCase> variants() {
        return Stream.of(
                        bert(),
                        Arrays.stream(PoolingMode.values()).map(ParityCase::pooled),
                        bertKin(),
                        rotary(),
                        modernBert(),
                        qwen3())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> bert() {
        return Stream.of(
                of(
                        Family.BERT,
                        "wider, tanh gelu, prefix, 3 shards, bf16 file, cls, not normalized",
                        TinyModel.of(Family.BERT)
                                .seed(2)
                                .hidden(96)
                                .layers(5)
                                .heads(6)
                                .intermediate(202)
                                .vocab(901)
                                .config("hidden_act", "gelu_new")
                                .prefix("bert.")
                                .shards(3)
                                .numbers(NumberKind.BF16)
                                .pooling(PoolingMode.CLS)
                                .notNormalized()),
                of(
                        Family.BERT,
                        "relu, odd width, one token type, f16 file, max beside mean, dense layers",
                        TinyModel.of(Family.BERT)
                                .seed(3)
                                .intermediate(101)
                                .config("hidden_act", "relu")
                                .config("type_vocab_size", 1)
                                .config("layer_norm_eps", 1e-5)
                                .numbers(NumberKind.F16)
                                .pooling(PoolingMode.MAX, PoolingMode.MEAN)
                                .dense(40, true, "Tanh")
                                .dense(33, false, "Sigmoid")),
                of(
                        Family.BERT,
                        "weighted mean, cls and max listed in this order",
                        TinyModel.of(Family.BERT)
                                .seed(22)
                                .poolingInOrder(PoolingMode.WEIGHTED_MEAN, PoolingMode.CLS, PoolingMode.MAX)),
                of(
                        Family.BERT,
                        "norms called gamma and beta",
                        TinyModel.of(Family.BERT).seed(21).names(ParityCase::asTheFirstCheckpoints)),
                of(
                        Family.BERT,
                        "all poolings side by side, f64 file, silu, odd width",
                        TinyModel.of(Family.BERT)
                                .seed(4)
                                .intermediate(101)
                                .config("hidden_act", "silu")
                                .numbers(NumberKind.F64)
                                .pooling(PoolingMode.CLS, PoolingMode.values())),
                new ParityCase(
                        Family.BERT,
                        "two layers of MiniLM, 512 tokens",
                        512,
                        TinyModel.of(Family.BERT)
                                .seed(5)
                                .hidden(384)
                                .layers(2)
                                .heads(12)
                                .intermediate(1536)
                                .maxPositions(512)));
    }

    private static String asTheFirstCheckpoints(String name) {
        return "bert."
                + name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    }

    private static ParityCase pooled(PoolingMode mode) {
        return of(
                Family.BERT,
                "pooled by " + mode.toString().toLowerCase(Locale.ROOT).replace('_', ' '),
                TinyModel.of(Family.BERT).seed(6).pooling(mode));
    }

    private static Stream<ParityCase> bertKin() {
        return Stream.of(
                of(
                        Family.ROBERTA,
                        "prefix, cls",
                        TinyModel.of(Family.ROBERTA).seed(7).prefix("roberta.").pooling(PoolingMode.CLS)),
                of(
                        Family.XLM_ROBERTA,
                        "2 shards, cls",
                        TinyModel.of(Family.XLM_ROBERTA).seed(8).shards(2).pooling(PoolingMode.CLS)),
                new ParityCase(
                        Family.MPNET,
                        "400 tokens, prefix",
                        400,
                        TinyModel.of(Family.MPNET)
                                .seed(9)
                                .layers(2)
                                .heads(6)
                                .maxPositions(400)
                                .prefix("mpnet.")),
                of(
                        Family.DISTILBERT,
                        "prefix, relu",
                        TinyModel.of(Family.DISTILBERT)
                                .seed(10)
                                .prefix("distilbert.")
                                .config("activation", "relu")));
    }

    private static Stream<ParityCase> rotary() {
        return Stream.of(
                of(
                        Family.NOMIC_BERT,
                        "biases, no token types, base 10000, inner width rounded up",
                        TinyModel.of(Family.NOMIC_BERT)
                                .seed(11)
                                .intermediate(300)
                                .config("qkv_proj_bias", true)
                                .config("mlp_fc1_bias", true)
                                .config("mlp_fc2_bias", true)
                                .config("type_vocab_size", 0)
                                .config("rotary_emb_base", 10000)),
                of(
                        Family.NOMIC_BERT,
                        "geglu",
                        TinyModel.of(Family.NOMIC_BERT).seed(12).config("activation_function", "geglu")),
                of(
                        Family.GTE,
                        "factor 8, a token type, odd width, prefix",
                        TinyModel.of(Family.GTE)
                                .seed(13)
                                .intermediate(101)
                                .config("rope_theta", 20000)
                                .config("rope_scaling", Map.of("type", "ntk", "factor", 8.0))
                                .config("type_vocab_size", 1)
                                .pooling(PoolingMode.CLS)
                                .prefix("new.")),
                of(
                        Family.GTE,
                        "as transformers 5 writes it",
                        TinyModel.of(Family.GTE)
                                .seed(23)
                                .config("model_type", "gte")
                                .config(
                                        "rope_parameters",
                                        Map.of("rope_type", "linear", "factor", 1.4, "rope_theta", 40000.0))),
                of(
                        Family.GTE,
                        "three projections, not stretched",
                        TinyModel.of(Family.GTE)
                                .seed(14)
                                .config("pack_qkv", false)
                                .config("rope_scaling", null)));
    }

    private static Stream<ParityCase> modernBert() {
        return Stream.of(
                of(
                        Family.MODERNBERT,
                        "biases, every second layer global, window 7, odd width, prefix, cls",
                        TinyModel.of(Family.MODERNBERT)
                                .seed(15)
                                .intermediate(101)
                                .layers(5)
                                .config("attention_bias", true)
                                .config("mlp_bias", true)
                                .config("norm_bias", true)
                                .config("global_attn_every_n_layers", 2)
                                .config("local_attention", 7)
                                .pooling(PoolingMode.CLS)
                                .prefix("model.")),
                of(
                        Family.MODERNBERT,
                        "as transformers 5 writes it, layers listed",
                        TinyModel.of(Family.MODERNBERT)
                                .seed(19)
                                .config("layer_types", List.of(GLOBAL, GLOBAL, LOCAL))
                                .config("rope_parameters", Map.of(GLOBAL, rope(80000), LOCAL, rope(5000)))),
                of(
                        Family.MODERNBERT,
                        "one base for all layers",
                        TinyModel.of(Family.MODERNBERT).seed(16).config("local_rope_theta", null)));
    }

    private static Stream<ParityCase> qwen3() {
        return Stream.of(
                of(
                        Family.QWEN3,
                        "3 queries a key, heads wider than the hidden state, biases, prefix, 2 shards, bf16 file",
                        TinyModel.of(Family.QWEN3)
                                .seed(17)
                                .heads(6, 2, 16)
                                .config("attention_bias", true)
                                .config("rope_theta", 10000)
                                .prefix("model.")
                                .shards(2)
                                .numbers(NumberKind.BF16)),
                of(
                        Family.QWEN3,
                        "as transformers 5 writes it",
                        TinyModel.of(Family.QWEN3).seed(20).config("rope_parameters", rope(5000))),
                of(
                        Family.QWEN3,
                        "one key for all queries, odd width, mean",
                        TinyModel.of(Family.QWEN3)
                                .seed(18)
                                .intermediate(101)
                                .heads(4, 1, 24)
                                .pooling(PoolingMode.MEAN)));
    }

    private static Map<String, Object> rope(double base) {
        return Map.of("rope_type", "default", "rope_theta", base);
    }

    private static ParityCase of(Family family, String differs, TinyModel model) {
        return new ParityCase(family, differs, TOKENS, model);
    }

    /** Lengths that matter to kernels and windows, up to the longest. */
    List<Integer> lengths() {
        return Stream.of(1, 2, 3, 5, 8, 13, 17, 31, 32, 33, 64, 100, 129, tokens)
                .filter(length -> length <= tokens)
                .toList();
    }

    @Override
    public String toString() {
        return family + ": " + differs;
    }
}
