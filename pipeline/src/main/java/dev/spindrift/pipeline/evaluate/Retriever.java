package dev.spindrift.pipeline.evaluate;

/** A way to search a corpus. */
@FunctionalInterface
public interface Retriever {
    /** The score of a text that is not found at all. */
    double NOT_FOUND = Double.NEGATIVE_INFINITY;

    /** The score of each text of the corpus for {@code question}, in the corpus' order; the highest is found first. */
    double[] scores(String question);
}
