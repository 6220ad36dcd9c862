package dev.spindrift.udf.reference;

import static dev.spindrift.udf.reference.Arithmetic.activate;
import static dev.spindrift.udf.reference.Arithmetic.add;
import static dev.spindrift.udf.reference.Arithmetic.layerNorm;
import static dev.spindrift.udf.reference.Arithmetic.linear;

import com.google.gson.JsonObject;

/**
 * BERT, RoBERTa, MPNet and DistilBERT: absolute positions, full attention, each part followed by a normalization of its
 * sum with what came in. They differ in names, in where positions begin, and in MPNet's bias by distance.
 */
final class ReferenceBert implements HiddenStates {
    /** MPNet reads no padding token from its configuration. */
    private static final int MPNET_PADDING = 1;

    private final ReferenceWeights weights;
    private final ReferenceBertNames names;
    private final int padding;
    private final int hidden;
    private final int heads;
    private final int layers;
    private final double epsilon;
    private final String activation;

    ReferenceBert(JsonObject config, ReferenceWeights weights) {
        String type = config.get("model_type").getAsString();
        boolean distil = type.equals("distilbert");
        this.names = ReferenceBertNames.of(type);
        this.weights = weights.under("embeddings.word_embeddings.weight");
        this.padding = switch (type) {
            case "roberta", "xlm-roberta", "camembert" ->
                config.get("pad_token_id").getAsInt();
            case "mpnet" -> MPNET_PADDING;
            default -> -1;
        };
        this.hidden = config.get(distil ? "dim" : "hidden_size").getAsInt();
        this.heads = config.get(distil ? "n_heads" : "num_attention_heads").getAsInt();
        this.layers = config.get(distil ? "n_layers" : "num_hidden_layers").getAsInt();
        this.epsilon = distil ? 1e-12 : config.get("layer_norm_eps").getAsDouble();
        this.activation = config.get(distil ? "activation" : "hidden_act").getAsString();
    }

    @Override
    public double[][] of(int[] ids) {
        double[][] x = embeddings(ids);
        int headDim = hidden / heads;
        Attention attention = new Attention(heads, heads, headDim, bias());
        for (int i = 0; i < layers; i++) {
            String layer = names.layer() + i + ".";
            double[][] gathered = attention.gather(
                    linear(x, weights, layer + names.query()),
                    linear(x, weights, layer + names.key()),
                    linear(x, weights, layer + names.value()));
            double[][] attended = linear(gathered, weights, layer + names.output());
            x = layerNorm(add(attended, x), weights, layer + names.attentionNorm(), epsilon);
            double[][] inner = activate(linear(x, weights, layer + names.inner()), activation);
            double[][] outer = linear(inner, weights, layer + names.outer());
            x = layerNorm(add(outer, x), weights, layer + names.outputNorm(), epsilon);
        }
        return x;
    }

    /** The sum of each token's own, its position's and (where there are any) type 0's embedding, normalized. */
    private double[][] embeddings(int[] ids) {
        double[][] x = new double[ids.length][hidden];
        int seen = 0;
        for (int t = 0; t < ids.length; t++) {
            double[] word = weights.row("embeddings.word_embeddings.weight", ids[t], hidden);
            // Where positions are counted from the padding token's id on, padding is not counted.
            seen += ids[t] == padding ? 0 : 1;
            int place = padding < 0 ? t : ids[t] == padding ? padding : padding + seen;
            double[] position = weights.row("embeddings.position_embeddings.weight", place, hidden);
            double[] type = weights.has("embeddings.token_type_embeddings.weight")
                    ? weights.row("embeddings.token_type_embeddings.weight", 0, hidden)
                    : new double[hidden];
            for (int i = 0; i < hidden; i++) {
                x[t][i] = word[i] + position[i] + type[i];
            }
        }
        return layerNorm(x, weights, "embeddings.LayerNorm", epsilon);
    }

    private Attention.Bias bias() {
        String name = "encoder.relative_attention_bias.weight";
        if (!weights.has(name)) {
            return Attention.Bias.NONE;
        }
        double[] biases = weights.get(name);
        return (head, query, key) -> biases[bucket(query - key) * heads + head];
    }

    /**
     * MPNet's bucket, of 32, of a key that stands {@code back} before a query: 16 for each direction, the near half of
     * them one for each distance, the others ever wider up to 128 and beyond. T5's scheme (Raffel et al., 2020).
     */
    static int bucket(int back) {
        int distance = Math.abs(back);
        int side = back < 0 ? 16 : 0;
        if (distance < 8) {
            return side + distance;
        }
        // In float, as the original computes it: at powers of two the logarithm decides between two buckets.
        float share = (float) Math.log(distance / 8f) / (float) Math.log(128.0 / 8);
        return side + Math.min(15, 8 + (int) (share * 8));
    }
}
