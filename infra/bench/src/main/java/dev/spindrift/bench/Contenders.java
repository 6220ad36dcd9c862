package dev.spindrift.bench;

import dev.spindrift.bench.bert.BertDirectory;
import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.bench.onnx.OnnxRuntimeEmbedder;
import dev.spindrift.bench.torch.DjlTranslator;
import dev.spindrift.bench.torch.MatrixProduct;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Precision;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All that is timed on a CPU, on the weights of one directory. */
final class Contenders implements Closeable {
    static final String BARE = "bare loop fp32";
    static final String ONNX = "onnxruntime fp32";
    static final String ONNX_SINGLE = "onnxruntime fp32, one by one";
    static final String DJL = "djl translator fp32";
    static final String TOKENIZER = "spindrift tokenizer";
    static final String PRODUCT = "oneDNN product fp32 ";

    private static final int BATCH = 32;
    private static final double SAME = 0.999999;
    private static final int[] PRODUCT_ROWS = {256, 1024};

    private final Map<Precision, EngineUnderTest> engines = new LinkedHashMap<>();
    private final Map<String, MatrixProduct> products = new LinkedHashMap<>();
    private final Deque<Closeable> open = new ArrayDeque<>();
    private final @Nullable OnnxRuntimeEmbedder onnx;
    private final @Nullable DjlTranslator djl;

    /**
     * @param bert the directory as a BERT; null for another kind of model, which only the engine itself then runs
     * @param folder for what the contenders need written
     */
    Contenders(Path directory, @Nullable BertDirectory bert, List<Precision> precisions, Path folder)
            throws IOException {
        for (Precision precision : precisions) {
            ModelSettings settings = new ModelSettings(directory.toString(), precision, 0);
            engines.put(precision, closeLater(new EngineUnderTest(settings)));
        }
        if (bert == null) {
            onnx = null;
            djl = null;
            return;
        }
        onnx = closeLater(new OnnxRuntimeEmbedder(bert, folder.resolve("model.onnx")));
        djl = closeLater(new DjlTranslator(bert, directory, folder.resolve("djl")));
        BertShape shape = bert.shape();
        int hidden = shape.hidden();
        for (int rows : PRODUCT_ROWS) {
            product(rows, hidden, 3 * hidden, folder);
            product(rows, hidden, hidden, folder);
            product(rows, hidden, shape.intermediate(), folder);
            product(rows, shape.intermediate(), hidden, folder);
        }
    }

    static String name(Precision precision) {
        return "spindrift " + precision;
    }

    Tokenizer tokenizer() {
        return engine().model().tokenizer();
    }

    /** The engine in fp32. */
    EngineUnderTest engine() {
        return engines.values().iterator().next();
    }

    @Nullable
    String onnxVersion() {
        return onnx == null ? null : onnx.version();
    }

    /**
     * The least cosine of each contender's vectors with the engine's in fp32, by contender.
     *
     * @throws IllegalStateException if one that computes with the same numbers gives other vectors: then its time would
     *     say nothing
     */
    Map<String, Double> agreement(List<ModelInput> texts) {
        float[][] ours = engine().embed(texts);
        Map<String, Double> cosines = new LinkedHashMap<>();
        engines.forEach((precision, engine) -> {
            if (precision != Precision.FP32) {
                cosines.put(name(precision), Vectors.leastCosine(ours, engine.embed(texts)));
            }
        });
        require(BARE, Vectors.leastCosine(ours, engine().embedBare(texts)), cosines);
        if (onnx != null && djl != null) {
            require(ONNX, Vectors.leastCosine(ours, onnx.embed(texts, BATCH)), cosines);
            require(DJL, Vectors.leastCosine(ours, djl.embed(plain(texts), BATCH)), cosines);
        }
        return cosines;
    }

    /** All series on {@code sets} of texts, and those that read none. */
    List<Series> series(List<Texts> sets, @Nullable BertShape shape) {
        List<Series> all = new ArrayList<>();
        for (Texts texts : sets) {
            engines.forEach((precision, engine) ->
                    all.add(series(name(precision), texts, shape, engine.workers(), some -> engine.embed(some))));
            all.add(series(BARE, texts, shape, List.of(), engine()::embedBare));
            if (onnx != null && djl != null) {
                all.add(series(ONNX, texts, shape, List.of(), some -> onnx.embed(some, BATCH)));
                all.add(series(DJL, texts, shape, List.of(), some -> djl.embed(plain(some), BATCH)));
            }
            if (texts.lengths().equals(Texts.MIXED)) {
                all.add(series(TOKENIZER, texts, null, List.of(), this::tokenize));
                if (onnx != null) {
                    all.add(series(ONNX_SINGLE, texts, shape, List.of(), some -> onnx.embed(some, 1)));
                }
            }
        }
        products.forEach((sizes, product) -> all.add(new Series(PRODUCT + sizes, "-", List.of(), round -> {
            product.run();
            return new Work(0, product.flops());
        })));
        return all;
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private void product(int rows, int in, int out, Path folder) throws IOException {
        products.put(rows + "x" + in + "x" + out, closeLater(new MatrixProduct(rows, in, out, folder)));
    }

    private <T extends Closeable> T closeLater(T resource) {
        open.push(resource);
        return resource;
    }

    private void tokenize(List<ModelInput> texts) {
        Tokenizer tokenizer = tokenizer();
        texts.forEach(text -> tokenizer.document(text.text()));
    }

    private static void require(String contender, double cosine, Map<String, Double> cosines) {
        cosines.put(contender, cosine);
        if (!(cosine >= SAME)) {
            throw new IllegalStateException("Cannot compare with " + contender + ": a vector of it has cosine " + cosine
                    + " with ours, less than " + SAME + ", on the same weights and text. One of the two is wrong.");
        }
    }

    private static List<String> plain(List<ModelInput> texts) {
        return texts.stream().map(ModelInput::text).toList();
    }

    private static Series series(
            String contender,
            Texts texts,
            @Nullable BertShape shape,
            List<Thread> workers,
            Consumer<List<ModelInput>> embed) {
        return new Series(contender, texts.lengths(), workers, round -> {
            List<ModelInput> some = texts.of(round);
            embed.accept(some);
            return Work.of(some, shape);
        });
    }
}
