package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.torch.OwnThread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Loads models to devices, and knows what their devices have room for. Not thread-safe. */
final class ReplicaLoader {
    /** One makes the next batch ready while the other's runs. */
    private static final int WORKERS_OF_A_GPU = 2;

    private final BiFunction<ModelSettings, String, EmbeddingModel> open;
    private final int cores;
    private final Map<String, DeviceSlots> slots = new HashMap<>();
    private final Map<ModelSettings, Integer> measured = new HashMap<>();

    /** @param open loads a model to a device */
    ReplicaLoader(BiFunction<ModelSettings, String, EmbeddingModel> open, int cores) {
        this.open = open;
        this.cores = cores;
    }

    /** One replica of the model per device; none stays loaded if one cannot be. */
    List<Replica> load(ModelSettings model, List<String> devices, BatchSettings settings) {
        return OwnThread.call("spindrift-embed-load", () -> loadAll(model, devices, settings));
    }

    private List<Replica> loadAll(ModelSettings model, List<String> devices, BatchSettings settings) {
        List<EmbeddingModel> opened = new ArrayList<>();
        List<Replica> replicas = new ArrayList<>();
        try {
            for (String device : devices) {
                EmbeddingModel loaded = open.apply(model, device);
                opened.add(loaded);
                replicas.add(new Replica(
                        loaded,
                        device,
                        workers(model, loaded, device, settings),
                        slots.computeIfAbsent(device, this::slots),
                        settings.maxBatchTokens()));
            }
            return replicas;
        } catch (RuntimeException | Error e) {
            opened.forEach(EmbeddingModel::close);
            throw e;
        }
    }

    private int workers(ModelSettings model, EmbeddingModel loaded, String device, BatchSettings settings) {
        if (settings.workers() > 0) {
            return settings.workers();
        }
        return device.equals("cpu")
                ? measured.computeIfAbsent(model, unmeasured -> WorkerCount.measure(loaded, cores))
                : WORKERS_OF_A_GPU;
    }

    private DeviceSlots slots(String device) {
        return new DeviceSlots(device.equals("cpu") ? cores : WORKERS_OF_A_GPU);
    }
}
