package dev.spindrift.udf.reference;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A sentence encoder in double arithmetic and plain loops: what the vectors of a model directory ought to be.
 *
 * <p>Written from the models' original sources, apart from the production code, so that a mistake would have to be made
 * twice. Slow: a small model's layer takes milliseconds.
 */
public final class ReferenceEncoder {
    private final HiddenStates encoder;
    private final ReferencePooling pooling;
    private final List<UnaryOperator<double[]>> steps;

    private ReferenceEncoder(HiddenStates encoder, ReferencePooling pooling, List<UnaryOperator<double[]>> steps) {
        this.encoder = encoder;
        this.pooling = pooling;
        this.steps = steps;
    }

    /** Reads a directory as sentence-transformers writes it. */
    public static ReferenceEncoder read(Path directory) throws IOException {
        JsonObject config = Json.read(directory.resolve("config.json"));
        ReferencePooling pooling = null;
        List<UnaryOperator<double[]>> steps = new ArrayList<>();
        for (JsonElement element : JsonParser.parseString(Files.readString(directory.resolve("modules.json")))
                .getAsJsonArray()) {
            JsonObject module = element.getAsJsonObject();
            Path path = directory.resolve(module.get("path").getAsString());
            String type = module.get("type").getAsString();
            switch (type.substring(type.lastIndexOf('.') + 1)) {
                case "Transformer" -> {}
                case "Pooling" -> pooling = ReferencePooling.read(path);
                case "Dense" -> steps.add(dense(path));
                case "Normalize" -> steps.add(ReferenceEncoder::normalized);
                default -> throw new IllegalArgumentException("No module is called " + type + ".");
            }
        }
        if (pooling == null) {
            throw new IllegalArgumentException("The modules of " + directory + " hold no pooling.");
        }
        return new ReferenceEncoder(encoder(config, ReferenceWeights.read(directory)), pooling, steps);
    }

    /** The last hidden state of one sequence, special tokens included. [tokens, hidden] */
    public double[][] hidden(int[] ids) {
        return encoder.of(ids);
    }

    /**
     * The vector of one sequence.
     *
     * @param ids all tokens, special ones included
     * @param promptTokens how many of them, from the first, are the prompt and what stands before it; they are left out
     *     of the pooling if the model says so
     */
    public double[] embed(int[] ids, int promptTokens) {
        double[] vector = pooling.pool(hidden(ids), promptTokens);
        for (UnaryOperator<double[]> step : steps) {
            vector = step.apply(vector);
        }
        return vector;
    }

    private static HiddenStates encoder(JsonObject config, ReferenceWeights weights) {
        String type = config.get("model_type").getAsString();
        return switch (type) {
            case "bert", "roberta", "xlm-roberta", "camembert", "mpnet", "distilbert" ->
                new ReferenceBert(config, weights);
            case "nomic_bert" -> new ReferenceNomicBert(config, weights);
            case "new", "gte" -> new ReferenceGte(config, weights);
            case "modernbert" -> new ReferenceModernBert(config, weights);
            case "qwen3" -> new ReferenceQwen3(config, weights);
            default -> throw new IllegalArgumentException("No family is called " + type + ".");
        };
    }

    private static UnaryOperator<double[]> dense(Path directory) throws IOException {
        ReferenceWeights weights = ReferenceWeights.read(directory);
        String activation = Json.read(directory.resolve("config.json"))
                .get("activation_function")
                .getAsString();
        String name = activation.substring(activation.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return vector -> Arithmetic.activate(Arithmetic.linear(new double[][] {vector}, weights, "linear"), name)[0];
    }

    private static double[] normalized(double[] vector) {
        double squares = 0;
        for (double number : vector) {
            squares += number * number;
        }
        double length = Math.max(Math.sqrt(squares), 1e-12);
        double[] unit = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = vector[i] / length;
        }
        return unit;
    }
}
