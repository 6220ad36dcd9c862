package dev.spindrift.pipeline.evaluate;

import java.util.List;
import java.util.function.Function;

/** Exact search by the cosine of vectors: every text is compared. */
public final class VectorRetriever implements Retriever {
    private final List<float[]> vectors;
    private final double[] lengths;
    private final Function<String, float[]> queryVector;

    /**
     * @param vectors one per text of the corpus, all of one dimension
     * @param queryVector what the same model makes of a question
     */
    public VectorRetriever(List<float[]> vectors, Function<String, float[]> queryVector) {
        this.vectors = List.copyOf(vectors);
        this.lengths = this.vectors.stream()
                .mapToDouble(vector -> Math.sqrt(dot(vector, vector)))
                .toArray();
        this.queryVector = queryVector;
    }

    @Override
    public double[] scores(String question) {
        float[] query = queryVector.apply(question);
        double[] scores = new double[lengths.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = lengths[i] == 0 ? NOT_FOUND : dot(query, vectors.get(i)) / lengths[i];
        }
        return scores;
    }

    private static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
        }
        return dot;
    }
}
