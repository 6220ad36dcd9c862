package dev.spindrift.udf.reference;

import static dev.spindrift.udf.reference.Arithmetic.activate;
import static dev.spindrift.udf.reference.Arithmetic.add;
import static dev.spindrift.udf.reference.Arithmetic.columns;
import static dev.spindrift.udf.reference.Arithmetic.layerNorm;
import static dev.spindrift.udf.reference.Arithmetic.linear;
import static dev.spindrift.udf.reference.Arithmetic.multiply;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.function.IntPredicate;

/** ModernBERT: normalized before each part and at the end; only each so-manieth layer sees all tokens. */
final class ReferenceModernBert implements HiddenStates {
    private final ReferenceWeights weights;
    private final int hidden;
    private final int headDim;
    private final int layers;
    private final double epsilon;
    private final String activation;
    private final IntPredicate global;
    private final int window;
    private final double globalBase;
    private final double localBase;

    ReferenceModernBert(JsonObject config, ReferenceWeights weights) {
        this.weights = weights.under("embeddings.tok_embeddings.weight");
        this.hidden = config.get("hidden_size").getAsInt();
        this.headDim = hidden / config.get("num_attention_heads").getAsInt();
        this.layers = config.get("num_hidden_layers").getAsInt();
        this.epsilon = config.get("norm_eps").getAsDouble();
        this.activation = config.get("hidden_activation").getAsString();
        this.window = config.get("local_attention").getAsInt();
        if (config.has("layer_types")) {
            // As transformers 5 writes it.
            JsonArray types = config.getAsJsonArray("layer_types");
            this.global = i -> types.get(i).getAsString().equals("full_attention");
            this.globalBase = base(config, "full_attention");
            this.localBase = base(config, "sliding_attention");
        } else {
            int every = config.get("global_attn_every_n_layers").getAsInt();
            this.global = i -> i % every == 0;
            this.globalBase = config.get("global_rope_theta").getAsDouble();
            JsonElement local = config.get("local_rope_theta");
            this.localBase = local == null || local.isJsonNull() ? globalBase : local.getAsDouble();
        }
    }

    private static double base(JsonObject config, String layerType) {
        return config.getAsJsonObject("rope_parameters")
                .getAsJsonObject(layerType)
                .get("rope_theta")
                .getAsDouble();
    }

    @Override
    public double[][] of(int[] ids) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = weights.row("embeddings.tok_embeddings.weight", ids[t], hidden);
        }
        x = layerNorm(x, weights, "embeddings.norm", epsilon);
        for (int i = 0; i < layers; i++) {
            String layer = "layers." + i + ".";
            // The embeddings were normalized already.
            double[][] normal = i == 0 ? x : layerNorm(x, weights, layer + "attn_norm", epsilon);
            x = add(x, attended(normal, layer + "attn.", global.test(i)));
            normal = layerNorm(x, weights, layer + "mlp_norm", epsilon);
            double[][] both = linear(normal, weights, layer + "mlp.Wi");
            int width = both[0].length / 2;
            double[][] gated = multiply(activate(columns(both, 0, width), activation), columns(both, width, 2 * width));
            x = add(x, linear(gated, weights, layer + "mlp.Wo"));
        }
        return layerNorm(x, weights, "final_norm", epsilon);
    }

    private double[][] attended(double[][] x, String module, boolean global) {
        Rotary rotary = new Rotary(Rotary.speeds(global ? globalBase : localBase, headDim), false);
        // The window is the width of both sides together.
        Attention.Bias bias = global ? Attention.Bias.NONE : Attention.Bias.within(window / 2);
        Attention attention = new Attention(hidden / headDim, hidden / headDim, headDim, bias);
        double[][] qkv = linear(x, weights, module + "Wqkv");
        double[][] gathered = attention.gather(
                rotary.turn(columns(qkv, 0, hidden), headDim),
                rotary.turn(columns(qkv, hidden, 2 * hidden), headDim),
                columns(qkv, 2 * hidden, 3 * hidden));
        return linear(gathered, weights, module + "Wo");
    }
}
