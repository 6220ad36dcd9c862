package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights of one encoder, by the names of its family, whatever stands before them in the files. */
final class Tensors {
    private final Weights weights;
    private final String prefix;

    /**
     * The encoder's weights.
     *
     * @param known a name that each model of the family has; what stands before it in the files stands before all
     * @throws IllegalArgumentException if no tensor ends with that name, or several do
     */
    Tensors(Weights weights, String known) {
        this.weights = weights;
        List<String> found = weights.names().stream()
                .filter(name -> name.equals(known) || name.endsWith("." + known))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("Cannot run this model: its weights have "
                    + (found.isEmpty() ? "no tensor " : "several tensors ") + known
                    + (found.isEmpty() ? "" : " (" + String.join(", ", found) + ")")
                    + ", by which an encoder of its model_type is known. Give a directory of an embedding model.");
        }
        this.prefix = found.get(0).substring(0, found.get(0).length() - known.length());
    }

    boolean has(String name) {
        return weights.names().contains(prefix + name);
    }

    /** A tensor of exactly this shape. */
    Numbers get(String name, long... shape) {
        StoredTensor tensor = weights.get(prefix + name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new IllegalArgumentException("Cannot run this model: tensor " + tensor.name() + " is "
                    + Arrays.toString(tensor.shape()) + ", and config.json makes it " + Arrays.toString(shape)
                    + ". The two do not belong together.");
        }
        return tensor;
    }

    /** A tensor whose first dimension is whatever the file says. */
    Numbers table(String name, long width) {
        StoredTensor tensor = weights.get(prefix + name);
        long rows = tensor.shape().length == 0 ? 0 : tensor.shape()[0];
        return get(name, Math.max(1, rows), width);
    }

    /** {@code name.weight}, and {@code name.bias} if it is there. */
    Affine affine(String name, long out, long in) {
        return new Affine(get(name + ".weight", out, in), bias(name, out));
    }

    /** Several projections of one input as one, in this order. */
    Affine stacked(List<String> names, long[] outs, long in) {
        Numbers[] parts = new Numbers[outs.length];
        Numbers[] biases = new Numbers[outs.length];
        boolean biased = names.stream().anyMatch(name -> has(name + ".bias"));
        for (int i = 0; i < outs.length; i++) {
            parts[i] = get(names.get(i) + ".weight", outs[i], in);
            Numbers bias = bias(names.get(i), outs[i]);
            biases[i] = bias == null ? Numbers.of(new float[(int) outs[i]], outs[i]) : bias;
        }
        return new Affine(Numbers.stacked(parts), biased ? Numbers.stacked(biases) : null);
    }

    /** {@code name.weight} and, if it is there, {@code name.bias}; old checkpoints call them gamma and beta. */
    Norm norm(String name, long width) {
        if (!has(name + ".weight") && has(name + ".gamma")) {
            return new Norm(get(name + ".gamma", width), get(name + ".beta", width));
        }
        return new Norm(get(name + ".weight", width), bias(name, width));
    }

    /** One row of a matrix, in memory. */
    float[] row(String name, int row, int width) {
        float[] numbers = new float[width];
        try {
            table(name, width).read((long) row * width, numbers, width);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read tensor " + prefix + name + ": " + e + ".", e);
        }
        return numbers;
    }

    private @Nullable Numbers bias(String name, long width) {
        return has(name + ".bias") ? get(name + ".bias", width) : null;
    }
}
