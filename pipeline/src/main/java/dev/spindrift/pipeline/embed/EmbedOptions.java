package dev.spindrift.pipeline.embed;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** The options of the embedding stage, all under {@code embed}. */
public final class EmbedOptions {
    public static final ConfigOption<String> MODEL = key("embed.model")
            .stringType()
            .defaultValue("builtin")
            .withDescription("The embedding model. builtin needs nothing but this software: it is lexical (it knows"
                    + " words, not meanings).");

    public static final ConfigOption<Integer> CAPACITY = key("embed.capacity")
            .intType()
            .defaultValue(512)
            .withDescription("Most chunks that one subtask has in flight to the model. Enough when capacity times the"
                    + " slots of a TaskManager fills two or three batches; more only makes checkpoints larger.");

    public static final ConfigOption<Integer> BATCH_TOKENS = key("embed.batch-tokens")
            .intType()
            .defaultValue(2048)
            .withDescription("Most tokens of one batch, padding included. Raise it until the device no longer gets"
                    + " faster; its memory grows with it.");

    public static final ConfigOption<Duration> LINGER = key("embed.linger")
            .durationType()
            .defaultValue(Duration.ofMillis(5))
            .withDescription("How long a batch that is not full waits for more texts. Buys fuller batches at low"
                    + " rates; costs that much delay.");

    private EmbedOptions() {}
}
