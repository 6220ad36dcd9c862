package dev.spindrift.udf.model;

import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.huggingface.HubDownload;
import dev.spindrift.udf.huggingface.ModelDirectory;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.CacheFolder;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds models by the name a user gives. */
public final class Models {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);

    /** What was read of a directory, while there is memory for it: a tokenizer can take a hundred megabytes. */
    private static final Map<String, SoftReference<ModelDirectory>> DIRECTORIES = new HashMap<>();

    private Models() {}

    /** The identity of a model, without starting its engine. */
    public static ModelInfo info(ModelSettings settings) {
        ModelDirectory directory = directory(settings);
        return directory == null ? BuiltinModel.INFO : info(settings, directory);
    }

    /** The tokenizer of a model, without starting its engine. */
    public static Tokenizer tokenizer(ModelSettings settings) {
        ModelDirectory directory = directory(settings);
        return directory == null ? BuiltinModel.TOKENIZER : directory.tokenizer();
    }

    /**
     * Loads a model to a device, starting the engine if need be. The caller closes it.
     *
     * @param device {@code cpu}, or {@code cuda:0}, {@code cuda:1} ...
     */
    public static EmbeddingModel open(ModelSettings settings, String device) {
        ModelDirectory directory = directory(settings);
        Path cache = CacheFolder.resolve();
        if (directory == null) {
            return BuiltinModel.open(cache, device);
        }
        ModelInfo info = info(settings, directory);
        Path script = directory.script();
        return script == null
                ? EncoderModel.open(info, directory, cache, device)
                : TorchScriptModel.open(info, directory, script, cache, device);
    }

    /**
     * The name by which the same model is found again, on another machine and at another time: a hub's id with the
     * commit that its revision stands for now, a directory with its whole path.
     */
    public static String pin(String model) {
        return Source.of(model).pinned();
    }

    /**
     * Downloads a model, unless it is no hub's or is there already.
     *
     * @return the directory it lies in; null for the built-in one
     */
    public static @Nullable Path download(String model, HubDownload.Progress progress) {
        return Source.of(model).directory(progress);
    }

    private static ModelInfo info(ModelSettings settings, ModelDirectory directory) {
        int dimension = settings.dimension() == 0 ? directory.usualDimension() : settings.dimension();
        if (dimension > directory.dimension()) {
            throw new IllegalArgumentException("Cannot keep " + dimension + " numbers of a vector: model "
                    + settings.model() + " gives " + directory.dimension() + ". Lower embed.dimension.");
        }
        return new ModelInfo(
                Source.of(settings.model()).name(),
                Fingerprint.of(directory.fingerprint(), settings.precision().toString(), "dimension " + dimension),
                dimension,
                directory.maxTokens(),
                settings.precision());
    }

    /** The directory of a model; null for the built-in one. */
    private static @Nullable ModelDirectory directory(ModelSettings settings) {
        Source source = Source.of(settings.model());
        Path path = source.directory(tenths());
        if (path == null) {
            if (settings.precision() != Precision.FP32 || settings.dimension() != 0) {
                throw new IllegalArgumentException(
                        "Cannot run the built-in model but in fp32 and with whole vectors. Leave out embed.precision"
                                + " and embed.dimension.");
            }
            return null;
        }
        synchronized (DIRECTORIES) {
            String key = path.toString();
            SoftReference<ModelDirectory> known = DIRECTORIES.get(key);
            ModelDirectory directory = known == null ? null : known.get();
            if (directory == null) {
                directory = new ModelDirectory(path, source.name());
                DIRECTORIES.put(key, new SoftReference<>(directory));
            }
            return directory;
        }
    }

    /** Logs a download whenever another tenth of it has come. */
    private static HubDownload.Progress tenths() {
        AtomicLong logged = new AtomicLong();
        return (file, done, total) -> {
            long tenth = total == 0 ? 0 : done * 10 / total;
            if (logged.getAndSet(tenth) != tenth) {
                LOG.info("Downloading {}: {} of {} bytes of the model", file, done, total);
            }
        };
    }
}
