package dev.spindrift.udf.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The tensors of a model, widened to double, all in memory. */
final class ReferenceWeights {
    private final Map<String, double[]> tensors;
    private final String prefix;

    private ReferenceWeights(Map<String, double[]> tensors, String prefix) {
        this.tensors = tensors;
        this.prefix = prefix;
    }

    /** The tensors of {@code model.safetensors} or of all shards that its index names. */
    static ReferenceWeights read(Path directory) throws IOException {
        Set<String> files = new LinkedHashSet<>();
        Path index = directory.resolve("model.safetensors.index.json");
        if (Files.exists(index)) {
            for (JsonElement file :
                    Json.read(index).getAsJsonObject("weight_map").asMap().values()) {
                files.add(file.getAsString());
            }
        } else {
            files.add("model.safetensors");
        }
        Map<String, double[]> tensors = new HashMap<>();
        for (String file : files) {
            readFile(directory.resolve(file), tensors);
        }
        return new ReferenceWeights(tensors, "");
    }

    /** These weights with names that leave out whatever comes before {@code name} in the one name that ends with it. */
    ReferenceWeights under(String name) {
        String whole = tensors.keySet().stream()
                .filter(other -> other.equals(name) || other.endsWith("." + name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No tensor is called " + name + "."));
        return new ReferenceWeights(tensors, whole.substring(0, whole.length() - name.length()));
    }

    /** The numbers of a vector, or of a matrix row by row. */
    double[] get(String name) {
        double[] numbers = tensors.get(prefix + name);
        if (numbers == null) {
            throw new IllegalArgumentException("No tensor is called " + prefix + name + ".");
        }
        return numbers;
    }

    boolean has(String name) {
        return tensors.containsKey(prefix + name);
    }

    /** Row {@code row} of a matrix of {@code columns}. */
    double[] row(String name, int row, int columns) {
        double[] copy = new double[columns];
        System.arraycopy(get(name), row * columns, copy, 0, columns);
        return copy;
    }

    private static void readFile(Path file, Map<String, double[]> tensors) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = new byte[(int) bytes.getLong()];
        bytes.get(text);
        int data = bytes.position();
        JsonObject header =
                JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
        for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
            if (!entry.getKey().equals("__metadata__")) {
                JsonObject tensor = entry.getValue().getAsJsonObject();
                JsonArray offsets = tensor.getAsJsonArray("data_offsets");
                NumberKind kind = NumberKind.valueOf(tensor.get("dtype").getAsString());
                double[] numbers =
                        new double[(offsets.get(1).getAsInt() - offsets.get(0).getAsInt()) / kind.bytes];
                bytes.position(data + offsets.get(0).getAsInt());
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = kind.get(bytes);
                }
                // What the first checkpoints called gamma and beta.
                String name = entry.getKey()
                        .replace("LayerNorm.gamma", "LayerNorm.weight")
                        .replace("LayerNorm.beta", "LayerNorm.bias");
                tensors.put(name, numbers);
            }
        }
    }
}
