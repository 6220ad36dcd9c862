package dev.spindrift.pipeline.embed;

import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.Precision;
import dev.spindrift.udf.token.ModelInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** An embedder that answers when a test says so, from the calling thread. */
final class ScriptedEmbedder implements Embedder {
    private final ModelInfo model;
    private final Map<String, CompletableFuture<float[]>> open = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private int taken;

    ScriptedEmbedder(String fingerprint) {
        this.model = new ModelInfo("scripted", fingerprint, 2, 512, Precision.FP32);
    }

    @Override
    public ModelInfo model() {
        return model;
    }

    @Override
    public CompletableFuture<float[]> embed(ModelInput input) {
        String text = input.text();
        asked.add(text);
        CompletableFuture<float[]> answer = new CompletableFuture<>();
        if (open.put(text, answer) != null) {
            throw new AssertionError("asked for the vector of \"" + text + "\" while it was under way");
        }
        return answer;
    }

    /** Every text it was asked for, in order. */
    List<String> asked() {
        return asked;
    }

    void answer(String text) {
        answerTo(text).complete(vectorOf(text));
    }

    void answerAll() {
        List.copyOf(open.keySet()).forEach(this::answer);
    }

    void fail(String text, RuntimeException failure) {
        answerTo(text).completeExceptionally(failure);
    }

    @Override
    public void taken() {
        taken++;
    }

    /** How many answers the operator said to have taken. */
    int answersTaken() {
        return taken;
    }

    private CompletableFuture<float[]> answerTo(String text) {
        return Objects.requireNonNull(open.remove(text), () -> "\"" + text + "\" is not under way");
    }

    static float[] vectorOf(String text) {
        return new float[] {text.length(), text.hashCode() % 1000};
    }
}
