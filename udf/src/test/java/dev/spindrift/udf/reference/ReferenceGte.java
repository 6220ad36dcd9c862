package dev.spindrift.udf.reference;

import static dev.spindrift.udf.reference.Arithmetic.activate;
import static dev.spindrift.udf.reference.Arithmetic.add;
import static dev.spindrift.udf.reference.Arithmetic.columns;
import static dev.spindrift.udf.reference.Arithmetic.layerNorm;
import static dev.spindrift.udf.reference.Arithmetic.linear;
import static dev.spindrift.udf.reference.Arithmetic.multiply;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** GTE's "new" model: as BERT, but rotary positions and a gated layer. */
final class ReferenceGte implements HiddenStates {
    private final ReferenceWeights weights;
    private final int hidden;
    private final int headDim;
    private final int layers;
    private final double epsilon;
    private final String activation;
    private final Rotary rotary;

    ReferenceGte(JsonObject config, ReferenceWeights weights) {
        this.weights = weights.under("embeddings.word_embeddings.weight");
        this.hidden = config.get("hidden_size").getAsInt();
        this.headDim = hidden / config.get("num_attention_heads").getAsInt();
        this.layers = config.get("num_hidden_layers").getAsInt();
        this.epsilon = config.get("layer_norm_eps").getAsDouble();
        this.activation = config.get("hidden_act").getAsString();
        this.rotary = new Rotary(
                config.has("rope_parameters")
                        ? speeds(config.getAsJsonObject("rope_parameters"), headDim)
                        : speeds(config.get("rope_theta").getAsDouble(), headDim, config.get("rope_scaling")),
                false);
    }

    /** The angles as transformers 5 describes them. */
    private static double[] speeds(JsonObject parameters, int size) {
        double[] speeds = Rotary.speeds(parameters.get("rope_theta").getAsDouble(), size);
        if (parameters.get("rope_type").getAsString().equals("linear")) {
            for (int i = 0; i < speeds.length; i++) {
                speeds[i] /= parameters.get("factor").getAsDouble();
            }
        }
        return speeds;
    }

    @Override
    public double[][] of(int[] ids) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = weights.row("embeddings.word_embeddings.weight", ids[t], hidden);
            if (weights.has("embeddings.token_type_embeddings.weight")) {
                double[] type = weights.row("embeddings.token_type_embeddings.weight", 0, hidden);
                for (int i = 0; i < hidden; i++) {
                    x[t][i] += type[i];
                }
            }
        }
        x = layerNorm(x, weights, "embeddings.LayerNorm", epsilon);
        Attention attention = new Attention(hidden / headDim, hidden / headDim, headDim, Attention.Bias.NONE);
        for (int i = 0; i < layers; i++) {
            String layer = "encoder.layer." + i + ".";
            double[][] gathered = attention.gather(
                    rotary.turn(projected(x, layer, 0), headDim),
                    rotary.turn(projected(x, layer, 1), headDim),
                    projected(x, layer, 2));
            double[][] attended = linear(gathered, weights, layer + "attention.o_proj");
            x = layerNorm(add(attended, x), weights, layer + "attn_ln", epsilon);
            x = layerNorm(add(inner(x, layer + "mlp."), x), weights, layer + "mlp_ln", epsilon);
        }
        return x;
    }

    /** The queries (0), keys (1) or values (2), from a third of the one projection if they share one. */
    private double[][] projected(double[][] x, String layer, int which) {
        if (weights.has(layer + "attention.qkv_proj.weight")) {
            double[][] all = linear(x, weights, layer + "attention.qkv_proj");
            return columns(all, which * hidden, (which + 1) * hidden);
        }
        return linear(x, weights, layer + "attention." + "qkv".charAt(which) + "_proj");
    }

    /** What goes up comes first, the gate second. */
    private double[][] inner(double[][] x, String module) {
        double[][] both = linear(x, weights, module + "up_gate_proj");
        int width = both[0].length / 2;
        double[][] gate = activate(columns(both, width, 2 * width), activation);
        return linear(multiply(gate, columns(both, 0, width)), weights, module + "down_proj");
    }

    /**
     * The paper's angles, stretched by "NTK-RoPE-fixed" or "NTK-RoPE-mixed" (Su, kexue.fm/archives/9706) if a scaling
     * is given.
     */
    static double[] speeds(double base, int size, JsonElement scaling) {
        if (scaling == null || scaling.isJsonNull()) {
            return Rotary.speeds(base, size);
        }
        double factor = scaling.getAsJsonObject().get("factor").getAsDouble();
        JsonElement mixed = scaling.getAsJsonObject().get("mixed_b");
        if (factor <= 1) {
            return Rotary.speeds(base, size);
        }
        boolean fixed = mixed == null || mixed.isJsonNull();
        double[] speeds = Rotary.speeds(fixed ? base * factor : base, size);
        for (int i = 0; i < speeds.length; i++) {
            if (fixed) {
                speeds[i] /= Math.pow(factor, 2.0 / size);
            } else {
                double b = mixed.getAsDouble();
                double a = Math.log(factor) / Math.pow(size / 2.0, b);
                speeds[i] /= Math.exp(a * Math.pow(i + 1, b));
            }
        }
        return speeds;
    }
}
