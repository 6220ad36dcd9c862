package dev.spindrift.udf.embed;

import dev.spindrift.udf.model.EmbeddingModel;

/** A model on one device, with what its batcher knows about the device. */
final class Replica {
    final EmbeddingModel model;
    final String device;

    /** Threads that run forward passes. */
    final int workers;

    /** One for each forward pass that the device runs at a time, whichever model's. */
    final DeviceSlots slots;

    final TokenBudget budget;

    /** Workers in the model; guarded by the batcher's lock. */
    int busy;

    Replica(EmbeddingModel model, String device, int workers, DeviceSlots slots, int maxBatchTokens) {
        this.model = model;
        this.device = device;
        this.workers = workers;
        this.slots = slots;
        this.budget = new TokenBudget(maxBatchTokens);
    }

    /** Units of device time: the workers of a CPU, each of which keeps a core busy; one of a GPU. */
    int units() {
        return device.equals("cpu") ? workers : 1;
    }

    int idleUnits() {
        return Math.max(0, units() - busy);
    }
}
