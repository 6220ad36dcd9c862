package dev.spindrift.udf.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;

/** A TorchScript archive, loaded. Any number of threads may call it at once. */
final class TorchModule implements AutoCloseable {
    private final Model model;

    private TorchModule(Model model) {
        this.model = model;
    }

    /** Loads {@code archive} to the CPU, starting the engine if need be. */
    static TorchModule load(Path archive) {
        Model model = TorchEngine.start().newModel(archive.getFileName().toString(), Device.cpu());
        try {
            model.load(archive.getParent(), archive.getFileName().toString());
            return new TorchModule(model);
        } catch (IOException e) {
            model.close();
            throw new UncheckedIOException("Cannot read the model archive " + archive + ": " + e + ".", e);
        } catch (MalformedModelException | EngineException e) {
            model.close();
            throw new IllegalStateException(
                    "Cannot load the model archive " + archive + ": " + e.getMessage() + ". Delete it to make it anew.",
                    e);
        }
    }

    /**
     * Calls {@code forward} and gives its one float tensor, row-major.
     *
     * @param inputs makes the arguments with the manager that will free them
     * @throws DeviceMemoryException if the engine could not allocate what the call needs
     */
    float[] forward(Function<NDManager, NDList> inputs) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            ParameterStore parameters = new ParameterStore(manager, false);
            return model.getBlock()
                    .forward(parameters, inputs.apply(manager), false)
                    .singletonOrThrow()
                    .toFloatArray();
        } catch (EngineException e) {
            if (isOutOfMemory(e)) {
                throw new DeviceMemoryException("Cannot run the model: the device has too little memory.", e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        model.close();
    }

    /** libtorch has no code for it, only these words: of its CPU allocator and of CUDA's. */
    private static boolean isOutOfMemory(EngineException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("can't allocate memory") || message.contains("out of memory");
    }
}
