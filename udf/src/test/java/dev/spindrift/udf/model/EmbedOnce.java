package dev.spindrift.udf.model;

import java.util.Arrays;
import java.util.List;

/** A process of its own: embeds its argument and prints a hash of the vector's bits. */
final class EmbedOnce {
    private EmbedOnce() {}

    public static void main(String[] arguments) {
        try (EmbeddingModel model = Models.open("builtin")) {
            System.out.println("vector " + Fingerprint.of(Arrays.toString(model.embed(List.of(arguments[0]))[0])));
        }
    }
}
