package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer on the pooled vector: {@code activation(weight * x + bias)}.
 *
 * @param weight of the shape [out, in]
 * @param bias of the shape [out]; null for none
 */
record Dense(Numbers weight, @Nullable Numbers bias, Activation activation) {
    private static final String ACTIVATIONS = "torch.nn.modules.activation.";

    /** By the classes' full names; their defaults are meant. */
    private static final Map<String, Activation> ACTIVATIONS_BY_CLASS = new TreeMap<>(Map.of(
            "torch.nn.modules.linear.Identity",
            Activation.IDENTITY,
            ACTIVATIONS + "GELU",
            Activation.GELU,
            ACTIVATIONS + "ReLU",
            Activation.RELU,
            ACTIVATIONS + "SiLU",
            Activation.SILU,
            ACTIVATIONS + "Sigmoid",
            Activation.SIGMOID,
            ACTIVATIONS + "Tanh",
            Activation.TANH));

    /** A tensor whose file is open only while it is read, since a layer may be known for long and read once. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tensor(Path folder, String name, long[] shape) implements Numbers {
        @Override
        public long[] shape() {
            return shape.clone();
        }

        @Override
        public void read(long from, float[] to, int count) throws IOException {
            try (Weights weights = Weights.open(folder)) {
                weights.get(name).read(from, to, count);
            }
        }
    }

    /** Reads the layer that {@code folder} holds, but for its numbers. */
    static Dense read(Path folder) {
        Settings config = Settings.read(folder.resolve("config.json"));
        if (config.flag("use_residual", false)) {
            throw config.refused("\"use_residual\" is set, which is not known here", "Use a model without it");
        }
        String name = config.string("activation_function", ACTIVATIONS + "Tanh");
        Activation activation = ACTIVATIONS_BY_CLASS.get(name);
        if (activation == null) {
            throw config.refused(
                    "the activation " + SafetensorsHeader.quoted(name) + " is unknown",
                    "Use a model with one of " + ACTIVATIONS_BY_CLASS.keySet());
        }
        long in = config.integer("in_features");
        long out = config.integer("out_features");
        try (Weights weights = Weights.open(folder)) {
            return new Dense(
                    tensor(folder, config, weights.get("linear.weight"), out, in),
                    config.flag("bias", true) ? tensor(folder, config, weights.get("linear.bias"), out) : null,
                    activation);
        }
    }

    private static Numbers tensor(Path folder, Settings config, StoredTensor stored, long... shape) {
        if (!Arrays.equals(stored.shape(), shape)) {
            throw config.refused(
                    stored.name() + " has the shape " + Arrays.toString(stored.shape()) + ", not "
                            + Arrays.toString(shape),
                    UnreadableFile.DOWNLOAD_AGAIN);
        }
        return new Tensor(folder, stored.name(), shape);
    }
}
