package dev.spindrift.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.bench.bert.RandomBert;
import dev.spindrift.bench.torch.DeviceProduct;
import dev.spindrift.bench.torch.Versions;
import dev.spindrift.udf.embed.BatchSettings;
import dev.spindrift.udf.embed.BatcherMetrics;
import dev.spindrift.udf.embed.SharedEmbedder;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.model.Precision;
import dev.spindrift.udf.token.ModelInput;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the engine gives on one device, with more texts waiting than it can take: tokens per second at 50 and 512 tokens
 * a text, the share of the device's own matrix products, its idle time, and beside it a plain PyTorch loop if Python has
 * torch. Random weights in 16-bit floats.
 */
final class DeviceBenchmark {
    private static final int[] LENGTHS = {50, 512};
    private static final int TEXTS = 4096;

    /** Enough that several batches wait while others run. */
    private static final int TEXTS_UNDER_WAY = 8192;

    private final String device;
    private final BertShape shape;
    private final Duration each;
    private final Path script;
    private final PrintStream progress;

    /**
     * @param each how long each measurement takes
     * @param script {@code torch_loop.py}
     */
    DeviceBenchmark(String device, BertShape shape, Duration each, Path script, PrintStream progress) {
        this.device = device;
        this.shape = shape;
        this.each = each;
        this.script = script;
        this.progress = progress;
    }

    /** Runs all and gives the findings as JSON, which is fit to be read by people too. */
    String run() throws IOException {
        JsonObject found = new JsonObject();
        found.addProperty("date", LocalDate.now(ZoneOffset.UTC).toString());
        found.addProperty("device", device);
        try (TemporaryFolder folder = new TemporaryFolder()) {
            double limit = productRate(folder.make("product"));
            found.addProperty("matmul_tflops", limit / 1e12);
            Path directory = folder.make("model");
            progress.println("Writing a model with random weights.");
            RandomBert.write(shape, directory);
            embed(new ModelSettings(directory.toString(), Precision.FP16, 0), limit, found);
        }
        Versions.all().forEach(found::addProperty);
        found.add("pytorch", pytorch());
        found.addProperty("arctic_inference_tokens_per_second_50", 1_410_000);
        found.addProperty("arctic_inference_tokens_per_second_512", 1_640_000);
        found.addProperty("text_embeddings_inference_tokens_per_second_50", 620_000);
        found.addProperty("text_embeddings_inference_tokens_per_second_512", 1_620_000);
        found.addProperty("those_were", "published, on one H200 with arctic-embed-m-v1.5, 109M parameters");
        return new GsonBuilder().setPrettyPrinting().create().toJson(found) + "\n";
    }

    private double productRate(Path folder) throws IOException {
        boolean gpu = !device.equals("cpu");
        try (DeviceProduct product = new DeviceProduct(gpu ? 8192 : 256, device, folder)) {
            product.flopsPerSecond(1);
            double best = 0;
            for (int i = 0; i < 5; i++) {
                best = Math.max(best, product.flopsPerSecond(20));
            }
            return best;
        }
    }

    private void embed(ModelSettings settings, double limit, JsonObject found) {
        try (SharedEmbedder embedder = SharedEmbedder.acquire(settings, List.of(device), BatchSettings.of(device))) {
            for (int length : LENGTHS) {
                progress.println("Embedding texts of " + length + " tokens.");
                Texts texts = Texts.fixed(Models.tokenizer(settings), length, TEXTS, 1);
                keepFull(embedder, texts, each.dividedBy(4));
                BatcherMetrics before = embedder.metrics();
                long begin = System.nanoTime();
                double tokens = (double) length * keepFull(embedder, texts, each);
                double nanos = System.nanoTime() - begin;
                BatcherMetrics after = embedder.metrics();
                double perSecond = 1e9 * tokens / nanos;
                JsonObject row = new JsonObject();
                row.addProperty("tokens_per_second", perSecond);
                row.addProperty("share_of_matmul", perSecond * shape.flops(length) / length / limit);
                row.addProperty("idle_no_input", (after.noInputNanos() - before.noInputNanos()) / nanos);
                row.addProperty("idle_gathering", (after.gatheringNanos() - before.gatheringNanos()) / nanos);
                row.addProperty("idle_backpressure", (after.backpressureNanos() - before.backpressureNanos()) / nanos);
                found.add("texts_of_" + length, row);
            }
        }
    }

    /** Embeds for as long as {@code time}, then what is under way, and gives the number of texts. */
    private static long keepFull(SharedEmbedder embedder, Texts texts, Duration time) {
        Deque<CompletableFuture<float[]>> underWay = new ArrayDeque<>();
        long end = System.nanoTime() + time.toNanos();
        long count = 0;
        while (System.nanoTime() < end) {
            ModelInput text = texts.all().get((int) (count++ % texts.all().size()));
            underWay.add(embedder.embed(text));
            if (underWay.size() >= TEXTS_UNDER_WAY) {
                underWay.remove().join();
                embedder.taken();
            }
        }
        while (!underWay.isEmpty()) {
            underWay.remove().join();
            embedder.taken();
        }
        return count;
    }

    /** What {@code torch_loop.py} prints for a BERT of these sizes; nothing if Python has no torch. */
    private JsonObject pytorch() throws IOException {
        progress.println("Timing a plain PyTorch loop, if Python has torch.");
        String sizes = shape.vocabulary() + "," + shape.hidden() + "," + shape.layers() + "," + shape.heads() + ","
                + shape.intermediate();
        Process python = new ProcessBuilder(
                        "python3", script.toString(), "sizes", sizes, String.valueOf(each.toSeconds()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return line.isBlank() ? new JsonObject() : JsonParser.parseString(line).getAsJsonObject();
    }
}
