package dev.spindrift.bench.torch;

import ai.djl.MalformedModelException;
import ai.djl.huggingface.translator.TextEmbeddingTranslatorFactory;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import dev.spindrift.bench.bert.BertDirectory;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * DJL's own text-embedding translator: it tokenizes, pads a batch to its longest text, runs the traced model, pools and
 * normalizes. One thread, the caller's.
 */
public final class DjlTranslator implements Closeable {
    private static final String NAME = "traced";

    private final ZooModel<String, float[]> model;
    private final Predictor<String, float[]> predictor;

    /** Writes {@code bert}, with its tokenizer from {@code directory}, to {@code folder} and loads it there. */
    public DjlTranslator(BertDirectory bert, Path directory, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(directory.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve(NAME + ".pt")))) {
            TracedBert.archive(bert).writeTo(out);
        }
        try {
            model = Criteria.builder()
                    .setTypes(String.class, float[].class)
                    .optModelPath(folder)
                    .optModelName(NAME)
                    .optEngine("PyTorch")
                    .optTranslatorFactory(new TextEmbeddingTranslatorFactory())
                    .optArgument("pooling", bert.firstToken() ? "cls" : "mean")
                    .optArgument("normalize", true)
                    .optArgument("includeTokenTypes", true)
                    .build()
                    .loadModel();
        } catch (ModelNotFoundException | MalformedModelException e) {
            throw new IllegalStateException("Cannot load the traced model with DJL: " + e.getMessage() + ".", e);
        }
        predictor = model.newPredictor();
    }

    /** The vectors of {@code texts} in their order, {@code batch} of them at a time. */
    public float[][] embed(List<String> texts, int batch) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += batch) {
            try {
                vectors.addAll(predictor.batchPredict(texts.subList(from, Math.min(texts.size(), from + batch))));
            } catch (TranslateException e) {
                throw new IllegalStateException("Cannot run DJL's translator: " + e.getMessage() + ".", e);
            }
        }
        return vectors.toArray(float[][]::new);
    }

    @Override
    public void close() {
        predictor.close();
        model.close();
    }
}
