package dev.spindrift.udf.reference;

import static dev.spindrift.udf.reference.Arithmetic.activate;
import static dev.spindrift.udf.reference.Arithmetic.add;
import static dev.spindrift.udf.reference.Arithmetic.columns;
import static dev.spindrift.udf.reference.Arithmetic.layerNorm;
import static dev.spindrift.udf.reference.Arithmetic.linear;
import static dev.spindrift.udf.reference.Arithmetic.multiply;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** NomicBERT: as BERT, but rotary positions and a gated layer. */
final class ReferenceNomicBert implements HiddenStates {
    private final ReferenceWeights weights;
    private final int hidden;
    private final int headDim;
    private final int layers;
    private final double epsilon;
    private final String activation;
    private final double base;
    private final int turned;
    private final boolean neighbours;
    private final double stretch;
    private final int trainedPositions;

    ReferenceNomicBert(JsonObject config, ReferenceWeights weights) {
        this.weights = weights.under("embeddings.word_embeddings.weight");
        if (config.has("n_embd")) {
            this.hidden = config.get("n_embd").getAsInt();
            this.headDim = hidden / config.get("n_head").getAsInt();
            this.layers = config.get("n_layer").getAsInt();
            this.epsilon = config.get("layer_norm_epsilon").getAsDouble();
            this.activation = config.get("activation_function").getAsString();
            this.base = config.get("rotary_emb_base").getAsDouble();
            this.turned = (int) (headDim * config.get("rotary_emb_fraction").getAsDouble());
            this.neighbours = config.get("rotary_emb_interleaved").getAsBoolean();
            JsonElement factor = config.get("rotary_scaling_factor");
            this.stretch = factor == null || factor.isJsonNull() ? 0 : factor.getAsDouble();
            this.trainedPositions = config.get("max_trained_positions").getAsInt();
        } else {
            // As transformers 5 writes it.
            this.hidden = config.get("hidden_size").getAsInt();
            this.headDim = hidden / config.get("num_attention_heads").getAsInt();
            this.layers = config.get("num_hidden_layers").getAsInt();
            this.epsilon = config.get("layer_norm_eps").getAsDouble();
            this.activation = switch (config.get("hidden_act").getAsString()) {
                case "silu" -> "swiglu";
                case "gelu" -> "geglu";
                default -> throw new IllegalArgumentException("No gate is made of " + config.get("hidden_act") + ".");
            };
            this.base =
                    config.getAsJsonObject("rope_parameters").get("rope_theta").getAsDouble();
            this.turned = headDim;
            this.neighbours = false;
            this.stretch = 0;
            this.trainedPositions = 0;
        }
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
        x = layerNorm(x, weights, "emb_ln", epsilon);
        Rotary rotary = rotary(ids.length);
        Attention attention = new Attention(hidden / headDim, hidden / headDim, headDim, Attention.Bias.NONE);
        for (int i = 0; i < layers; i++) {
            String layer = "encoder.layers." + i + ".";
            double[][] qkv = linear(x, weights, layer + "attn.Wqkv");
            double[][] gathered = attention.gather(
                    rotary.turn(columns(qkv, 0, hidden), headDim),
                    rotary.turn(columns(qkv, hidden, 2 * hidden), headDim),
                    columns(qkv, 2 * hidden, 3 * hidden));
            double[][] attended = linear(gathered, weights, layer + "attn.out_proj");
            x = layerNorm(add(attended, x), weights, layer + "norm1", epsilon);
            x = layerNorm(add(inner(x, layer + "mlp."), x), weights, layer + "norm2", epsilon);
        }
        return x;
    }

    private double[][] inner(double[][] x, String module) {
        if (!activation.endsWith("glu")) {
            // Whatever it is called: the original computes all of these by the error function.
            return linear(activate(linear(x, weights, module + "fc1"), "gelu"), weights, module + "fc2");
        }
        double[][] up = linear(x, weights, module + "fc11");
        double[][] gate = linear(x, weights, module + "fc12");
        String kind = switch (activation) {
            case "swiglu" -> "silu";
            case "geglu" -> "gelu";
            case "glu" -> "sigmoid";
            default -> throw new IllegalArgumentException("No gate is called " + activation + ".");
        };
        return linear(multiply(up, activate(gate, kind)), weights, module + "fc2");
    }

    /** Beyond the trained positions, and only if a factor is given, angles grow more slowly the longer a sequence is. */
    private Rotary rotary(int tokens) {
        double stretched = base;
        if (stretch > 0 && tokens > trainedPositions) {
            double growth = stretch * tokens / trainedPositions - (stretch - 1);
            stretched *= Math.pow(growth, turned / (turned - 2.0));
        }
        return new Rotary(Rotary.speeds(stretched, turned), neighbours);
    }
}
