package dev.spindrift.pipeline.embed;

import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.torch.Devices;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;

/** The checked options of the embedding stage. */
public record EmbedSettings(ModelSettings model, String device, int capacity, int batchTokens, Duration linger)
        implements Serializable {
    private static final int GREATEST_CAPACITY = 1 << 20;
    private static final int GREATEST_BATCH = 1 << 24;
    private static final Duration LONGEST_LINGER = Duration.ofMinutes(1);

    /**
     * Reads and checks the options; whether the model exists is for the model's own package to say.
     *
     * @throws IllegalArgumentException with one line per mistake
     */
    public static EmbedSettings from(ReadableConfig config) {
        EmbedSettings settings = new EmbedSettings(
                new ModelSettings(
                        config.get(EmbedOptions.MODEL),
                        config.get(EmbedOptions.PRECISION),
                        config.get(EmbedOptions.DIMENSION)),
                config.get(EmbedOptions.DEVICE),
                config.get(EmbedOptions.CAPACITY),
                config.get(EmbedOptions.BATCH_TOKENS),
                config.get(EmbedOptions.LINGER));
        List<String> mistakes = new ArrayList<>();
        try {
            Devices.check(settings.device);
        } catch (IllegalArgumentException e) {
            mistakes.add(e.getMessage());
        }
        if (settings.capacity < 1 || settings.capacity > GREATEST_CAPACITY) {
            mistakes.add(
                    "Cannot use embed.capacity " + settings.capacity + ": it must be 1 to " + GREATEST_CAPACITY + ".");
        }
        if (settings.batchTokens < 0 || settings.batchTokens > GREATEST_BATCH) {
            mistakes.add("Cannot use embed.batch-tokens " + settings.batchTokens + ": it must be 1 to " + GREATEST_BATCH
                    + ", or 0 for what suits the device.");
        }
        if (settings.linger.isNegative() || settings.linger.compareTo(LONGEST_LINGER) > 0) {
            mistakes.add("Cannot use embed.linger " + settings.linger.toMillis() + " ms: it must be 0 to 60 s.");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
        return settings;
    }

    /** The same with the model's name pinned: a hub's id with its commit, a directory with its whole path. */
    public EmbedSettings pinned() {
        return new EmbedSettings(
                new ModelSettings(Models.pin(model.model()), model.precision(), model.dimension()),
                device,
                capacity,
                batchTokens,
                linger);
    }
}
