package dev.spindrift.udf.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/** A TorchScript archive, loaded. Any number of threads may call it at once. */
public final class TorchModule implements AutoCloseable {
    /** How DJL is told which method to call, as an argument without numbers. */
    private static final String METHOD = "module_method:";

    private final Model model;

    private TorchModule(Model model) {
        this.model = model;
    }

    /**
     * Loads {@code archive} to a device, starting the engine if need be.
     *
     * @param device {@code cpu}, or {@code cuda:0}, {@code cuda:1} ...
     */
    public static TorchModule load(Path archive, String device) {
        Model model = TorchEngine.start().newModel(archive.getFileName().toString(), Devices.of(device));
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
     * Calls {@code method} and gives its first result, of 32-bit floats, row-major. The module itself takes its arguments
     * to its device.
     *
     * @throws DeviceMemoryException if the engine could not allocate what the call needs
     */
    public float[] call(String method, InputTensor... inputs) {
        return call(method, Device.cpu(), inputs);
    }

    /** The same for a module that wants its arguments on its own device already. */
    public float[] callOnDevice(String method, InputTensor... inputs) {
        return call(method, model.getNDManager().getDevice(), inputs);
    }

    private float[] call(String method, Device device, InputTensor... inputs) {
        try (NDManager manager = model.getNDManager().newSubManager(Device.cpu())) {
            NDList arguments = new NDList();
            for (InputTensor input : inputs) {
                arguments.add(tensor(manager, input).toDevice(device, false));
            }
            NDArray name = manager.create(0);
            name.setName(METHOD + method);
            arguments.add(name);
            return model.getBlock()
                    .forward(new ParameterStore(manager, false), arguments, false)
                    .get(0)
                    .toType(DataType.FLOAT32, false)
                    .toFloatArray();
        } catch (EngineException e) {
            if (isOutOfMemory(e)) {
                if (model.getNDManager().getDevice().isGpu()) {
                    JniUtils.emptyCudaCache(); // pieces kept for reuse, too small for what failed
                }
                throw new DeviceMemoryException("Cannot run the model: the device has too little memory.", e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        model.close();
    }

    /** On the buffer's own memory: DJL does not copy a direct buffer. */
    private static NDArray tensor(NDManager manager, InputTensor input) {
        DataType type = input.kind() == InputTensor.Kind.FLOAT ? DataType.FLOAT32 : DataType.INT64;
        return manager.create(input.data(), new Shape(input.shape()), type);
    }

    /** libtorch has no code for it, only these words: of its CPU allocator and of CUDA's. */
    private static boolean isOutOfMemory(EngineException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("can't allocate memory") || message.contains("out of memory");
    }
}
