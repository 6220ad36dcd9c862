package dev.spindrift.udf.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A layer after pooling.
 *
 * @param activation a class among torch's activations, or {@code Identity}
 */
record TinyDense(int out, boolean withBias, String activation) {

    /** Writes the folder of this layer for vectors of {@code in} numbers. */
    void write(Path directory, int in, long seed, NumberKind numbers) throws IOException {
        Files.createDirectories(directory);
        Json.write(
                directory.resolve("config.json"),
                Json.object(
                        "in_features",
                        in,
                        "out_features",
                        out,
                        "bias",
                        withBias,
                        "activation_function",
                        (activation.equals("Identity") ? "torch.nn.modules.linear." : "torch.nn.modules.activation.")
                                + activation));
        new SafetensorsWriter(seed, numbers)
                .write(
                        directory.resolve("model.safetensors"),
                        new TensorList().linear("linear", out, in, withBias).all());
    }
}
