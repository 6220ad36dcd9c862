package dev.spindrift.udf.model;

import dev.spindrift.udf.Fingerprint;
import java.util.Arrays;

/** A process of its own: embeds its argument and prints a hash of the vector's bits. */
final class EmbedOnce {
    private EmbedOnce() {}

    public static void main(String[] arguments) {
        try (EmbeddingModel model = Models.open(ModelSettings.of("builtin"), "cpu")) {
            System.out.println("vector " + Fingerprint.of(Arrays.toString(model.embedDocument(arguments[0]))));
        }
    }
}
