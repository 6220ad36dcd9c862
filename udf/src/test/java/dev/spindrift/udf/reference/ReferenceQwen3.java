package dev.spindrift.udf.reference;

import static dev.spindrift.udf.reference.Arithmetic.activate;
import static dev.spindrift.udf.reference.Arithmetic.add;
import static dev.spindrift.udf.reference.Arithmetic.linear;
import static dev.spindrift.udf.reference.Arithmetic.multiply;
import static dev.spindrift.udf.reference.Arithmetic.rmsNorm;

import com.google.gson.JsonObject;

/** Qwen3's decoder: root-mean-square norms, also of each query and key; nothing sees what follows it. */
final class ReferenceQwen3 implements HiddenStates {
    private final ReferenceWeights weights;
    private final int hidden;
    private final int headDim;
    private final int layers;
    private final double epsilon;
    private final String activation;
    private final Rotary rotary;
    private final Attention attention;

    ReferenceQwen3(JsonObject config, ReferenceWeights weights) {
        this.weights = weights.under("embed_tokens.weight");
        int heads = config.get("num_attention_heads").getAsInt();
        this.hidden = config.get("hidden_size").getAsInt();
        this.headDim = config.has("head_dim") ? config.get("head_dim").getAsInt() : hidden / heads;
        this.layers = config.get("num_hidden_layers").getAsInt();
        this.epsilon = config.get("rms_norm_eps").getAsDouble();
        this.activation = config.get("hidden_act").getAsString();
        // transformers 5 writes it into an object of its own.
        JsonObject rope = config.has("rope_parameters") ? config.getAsJsonObject("rope_parameters") : config;
        this.rotary = new Rotary(Rotary.speeds(rope.get("rope_theta").getAsDouble(), headDim), false);
        this.attention =
                new Attention(heads, config.get("num_key_value_heads").getAsInt(), headDim, Attention.Bias.CAUSAL);
    }

    @Override
    public double[][] of(int[] ids) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = weights.row("embed_tokens.weight", ids[t], hidden);
        }
        for (int i = 0; i < layers; i++) {
            String layer = "layers." + i + ".";
            double[][] normal = rmsNorm(x, weights.get(layer + "input_layernorm.weight"), epsilon);
            double[][] queries = linear(normal, weights, layer + "self_attn.q_proj");
            double[][] keys = linear(normal, weights, layer + "self_attn.k_proj");
            double[][] gathered = attention.gather(
                    rotary.turn(rmsNorm(queries, weights.get(layer + "self_attn.q_norm.weight"), epsilon), headDim),
                    rotary.turn(rmsNorm(keys, weights.get(layer + "self_attn.k_norm.weight"), epsilon), headDim),
                    linear(normal, weights, layer + "self_attn.v_proj"));
            x = add(x, linear(gathered, weights, layer + "self_attn.o_proj"));
            normal = rmsNorm(x, weights.get(layer + "post_attention_layernorm.weight"), epsilon);
            double[][] gate = activate(linear(normal, weights, layer + "mlp.gate_proj"), activation);
            double[][] up = linear(normal, weights, layer + "mlp.up_proj");
            x = add(x, linear(multiply(gate, up), weights, layer + "mlp.down_proj"));
        }
        return rmsNorm(x, weights.get("norm.weight"), epsilon);
    }
}
