package dev.spindrift.udf.model;

import dev.spindrift.udf.torch.Devices;
import java.io.Serializable;
import java.util.List;

/**
 * Which model, and what its vectors are to be like. Two equal settings on the same files give the same vectors.
 *
 * @param model {@code builtin}; a directory; or a Hugging Face id, {@code owner/name} or {@code owner/name@revision}
 * @param precision the numbers it computes with
 * @param dimension how many numbers of each vector to keep, which are then normalised again (for models trained for it,
 *     "Matryoshka"); 0 for all
 */
public record ModelSettings(String model, Precision precision, int dimension) implements Serializable {

    public ModelSettings {
        if (model.isBlank()) {
            throw new IllegalArgumentException("Cannot find a model without a name. Give embed.model.");
        }
        if (dimension < 0) {
            throw new IllegalArgumentException(
                    "Cannot keep " + dimension + " numbers of a vector: embed.dimension must be 0 (all) or more.");
        }
    }

    /** The model in 32-bit floats, with whole vectors. */
    public static ModelSettings of(String model) {
        return new ModelSettings(model, Precision.FP32, 0);
    }

    /**
     * Where this model runs, if {@code names} is asked for: what {@link Devices#resolve} says, but for the built-in
     * model, which reads texts itself and needs no GPU.
     *
     * @throws IllegalArgumentException if this machine has no such devices
     */
    public List<String> devices(String names) {
        return Devices.resolve(model.equals(BuiltinModel.ID) ? Devices.CPU : names);
    }
}
