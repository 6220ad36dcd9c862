package dev.spindrift.pipeline.embed;

import static org.apache.flink.configuration.ConfigOptions.key;

import dev.spindrift.udf.model.Precision;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** The options of the embedding stage, all under {@code embed}. */
public final class EmbedOptions {
    public static final ConfigOption<String> MODEL = key("embed.model")
            .stringType()
            .defaultValue("builtin")
            .withDescription("The embedding model: builtin, which needs nothing but this software and is lexical (it"
                    + " knows words, not meanings); a directory as sentence-transformers writes it, at the same path on"
                    + " all machines; or a Hugging Face id such as sentence-transformers/all-MiniLM-L6-v2, with"
                    + " @revision behind it or else pinned to the newest one when the job is submitted.");

    public static final ConfigOption<Precision> PRECISION = key("embed.precision")
            .enumType(Precision.class)
            .defaultValue(Precision.FP32)
            .withDescription("The numbers that the model computes with. Part of the model's identity: another precision"
                    + " is another model. fp32 anywhere; bf16 where the processor has AVX512-BF16 or AMX, and on GPUs;"
                    + " fp16 on GPUs; int8 on processors with AVX512-VNNI.");

    public static final ConfigOption<Integer> DIMENSION = key("embed.dimension")
            .intType()
            .defaultValue(0)
            .withDescription("How many numbers of each vector to keep, from the first, for models trained for it"
                    + " (Matryoshka); the vector is normalised again. 0 for all.");

    public static final ConfigOption<String> DEVICE = key("embed.device")
            .stringType()
            .defaultValue("auto")
            .withDescription(
                    "Where the model runs: auto (all GPUs that a TaskManager sees, or else its CPU), cpu, cuda:*,"
                            + " or GPUs such as cuda:0 or cuda:0,cuda:1. Each GPU gets the whole model; all of them draw on one"
                            + " queue.");

    public static final ConfigOption<Integer> CAPACITY = key("embed.capacity")
            .intType()
            .defaultValue(512)
            .withDescription("Most chunks that one subtask has in flight to the model. Enough when capacity times the"
                    + " slots of a TaskManager fills two or three batches; more only makes checkpoints larger.");

    public static final ConfigOption<Integer> BATCH_TOKENS = key("embed.batch-tokens")
            .intType()
            .defaultValue(0)
            .withDescription(
                    "Most tokens of one batch; a longer text goes alone. 0 for what suits the device: 2048 on a"
                            + " CPU, where more is not faster, and 32768 on a GPU, whose memory for a batch grows with it. When"
                            + " memory runs short it is halved by itself, and tried higher again later.");

    public static final ConfigOption<Duration> LINGER = key("embed.linger")
            .durationType()
            .defaultValue(Duration.ofMillis(5))
            .withDescription("How long a text waits at most for its batch to fill. Buys fuller batches at low"
                    + " rates; costs that much delay.");

    private EmbedOptions() {}
}
