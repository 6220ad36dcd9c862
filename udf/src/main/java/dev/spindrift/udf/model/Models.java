package dev.spindrift.udf.model;

import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.huggingface.ModelDirectory;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.CacheFolder;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds models by the name a user gives. */
public final class Models {
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
        return directory == null
                ? BuiltinModel.open(CacheFolder.resolve(), device)
                : EncoderModel.open(info(settings, directory), directory, CacheFolder.resolve(), device);
    }

    private static ModelInfo info(ModelSettings settings, ModelDirectory directory) {
        int dimension = settings.dimension() == 0 ? directory.usualDimension() : settings.dimension();
        if (dimension > directory.dimension()) {
            throw new IllegalArgumentException("Cannot keep " + dimension + " numbers of a vector: model "
                    + settings.model() + " gives " + directory.dimension() + ". Lower embed.dimension.");
        }
        return new ModelInfo(
                name(Path.of(settings.model())),
                Fingerprint.of(directory.fingerprint(), settings.precision().toString(), "dimension " + dimension),
                dimension,
                directory.maxTokens(),
                settings.precision());
    }

    private static String name(Path directory) {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null ? directory.toString() : last.toString();
    }

    /** The directory of a model; null for the built-in one. */
    private static @Nullable ModelDirectory directory(ModelSettings settings) {
        if (settings.model().equals(BuiltinModel.ID)) {
            if (settings.precision() != Precision.FP32 || settings.dimension() != 0) {
                throw new IllegalArgumentException(
                        "Cannot run the built-in model but in fp32 and with whole vectors. Leave out embed.precision"
                                + " and embed.dimension.");
            }
            return null;
        }
        Path path = Path.of(settings.model());
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException("Cannot find model \"" + settings.model()
                    + "\": there is no such directory. Give embed.model: " + BuiltinModel.ID + ", or a directory.");
        }
        synchronized (DIRECTORIES) {
            String key = path.toAbsolutePath().normalize().toString();
            SoftReference<ModelDirectory> known = DIRECTORIES.get(key);
            ModelDirectory directory = known == null ? null : known.get();
            if (directory == null) {
                directory = new ModelDirectory(path, name(path));
                DIRECTORIES.put(key, new SoftReference<>(directory));
            }
            return directory;
        }
    }
}
