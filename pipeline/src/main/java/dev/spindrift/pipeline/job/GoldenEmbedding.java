package dev.spindrift.pipeline.job;

import dev.spindrift.pipeline.embed.EmbedSettings;
import dev.spindrift.pipeline.embed.EmbedderLease;
import dev.spindrift.pipeline.warehouse.GoldenVectors;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.model.GoldenTexts;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.token.ModelInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.function.SerializableSupplier;

/** Embeds the golden texts where it is called, with the embedder that the job's other texts go to. */
record GoldenEmbedding(EmbedSettings settings, EmbedderLease lease) implements SerializableSupplier<GoldenVectors> {

    @Override
    public GoldenVectors get() {
        Embedder embedder = lease.open(new UnregisteredMetricsGroup());
        try {
            List<CompletableFuture<float[]>> vectors = new ArrayList<>();
            for (ModelInput input : GoldenTexts.inputs(
                    Models.tokenizer(settings.model()), embedder.model().maxTokens())) {
                vectors.add(embedder.embed(input));
            }
            return new GoldenVectors(
                    settings.model().model() + " on "
                            + String.join(", ", settings.model().devices(settings.device())) + " with "
                            + GoldenTexts.build(),
                    vectors.stream().map(CompletableFuture::join).toList());
        } finally {
            lease.close(embedder);
        }
    }
}
