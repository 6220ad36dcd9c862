package dev.spindrift.bench.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.spindrift.bench.bert.BertDirectory;
import dev.spindrift.udf.token.ModelInput;
import java.io.Closeable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime as common Java embedders use it: texts in the order they come, batches of a fixed number padded to their
 * longest, all graph optimizations, pooling and normalization in Java. One thread, the caller's.
 */
public final class OnnxRuntimeEmbedder implements Closeable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final int hidden;
    private final boolean firstToken;

    /** Writes {@code bert} as ONNX to {@code file} and opens a session on it. */
    public OnnxRuntimeEmbedder(BertDirectory bert, Path file) throws IOException {
        OnnxBert.write(bert, file);
        this.hidden = bert.shape().hidden();
        this.firstToken = bert.firstToken();
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            session = environment.createSession(file.toString(), options);
        } catch (OrtException e) {
            throw new IllegalStateException("Cannot open the model in ONNX Runtime: " + e.getMessage() + ".", e);
        }
    }

    public String version() {
        return environment.getVersion();
    }

    /** The vectors of {@code inputs} in their order, {@code batch} of them at a time. */
    public float[][] embed(List<ModelInput> inputs, int batch) {
        float[][] vectors = new float[inputs.size()][];
        for (int from = 0; from < inputs.size(); from += batch) {
            run(inputs.subList(from, Math.min(inputs.size(), from + batch)), vectors, from);
        }
        return vectors;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("Cannot close ONNX Runtime's session: " + e.getMessage() + ".", e);
        }
    }

    private void run(List<ModelInput> inputs, float[][] vectors, int to) {
        int length = inputs.stream().mapToInt(input -> input.ids().length).max().orElse(0);
        LongBuffer ids = LongBuffer.allocate(inputs.size() * length);
        LongBuffer mask = LongBuffer.allocate(ids.capacity());
        for (int row = 0; row < inputs.size(); row++) {
            int[] tokens = inputs.get(row).ids();
            for (int i = 0; i < tokens.length; i++) {
                ids.put(row * length + i, tokens[i]);
                mask.put(row * length + i, 1);
            }
        }
        long[] shape = {inputs.size(), length};
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids, shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.allocate(ids.capacity()), shape);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", idTensor, "attention_mask", maskTensor, "token_type_ids", types))) {
            FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
            for (int row = 0; row < inputs.size(); row++) {
                int tokens = firstToken ? 1 : inputs.get(row).ids().length;
                vectors[to + row] = normalized(sum(states, row * length, tokens));
            }
        } catch (OrtException e) {
            throw new IllegalStateException("Cannot run the model in ONNX Runtime: " + e.getMessage() + ".", e);
        }
    }

    /** The sum over {@code tokens} rows: their mean but for a factor, which normalization takes away. */
    private float[] sum(FloatBuffer states, int firstRow, int tokens) {
        float[] sum = new float[hidden];
        float[] row = new float[hidden];
        for (int token = 0; token < tokens; token++) {
            states.get((firstRow + token) * hidden, row);
            for (int i = 0; i < hidden; i++) {
                sum[i] += row[i];
            }
        }
        return sum;
    }

    private static float[] normalized(float[] vector) {
        double squares = 0;
        for (float number : vector) {
            squares += number * number;
        }
        float scale = (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return vector;
    }
}
