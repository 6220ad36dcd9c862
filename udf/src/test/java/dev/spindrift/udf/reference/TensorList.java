package dev.spindrift.udf.reference;

import dev.spindrift.udf.reference.TinyTensor.Content;
import java.util.ArrayList;
import java.util.List;

/** Collects the tensors of a model, module by module. */
final class TensorList {
    private final List<TinyTensor> tensors = new ArrayList<>();

    List<TinyTensor> all() {
        return tensors;
    }

    TensorList linear(String module, long out, long in) {
        return weight(module, out, in).bias(module, out);
    }

    TensorList linear(String module, long out, long in, boolean withBias) {
        return withBias ? linear(module, out, in) : weight(module, out, in);
    }

    TensorList weight(String module, long out, long in) {
        return add(module + ".weight", Content.PROJECTION, out, in);
    }

    TensorList embedding(String module, long rows, long columns) {
        return add(module + ".weight", Content.EMBEDDING, rows, columns);
    }

    TensorList layerNorm(String module, long size) {
        return scale(module, size).bias(module, size);
    }

    TensorList norm(String module, long size, boolean withBias) {
        return withBias ? layerNorm(module, size) : scale(module, size);
    }

    TensorList scale(String module, long size) {
        return add(module + ".weight", Content.SCALE, size);
    }

    TensorList bias(String module, long size) {
        return add(module + ".bias", Content.BIAS, size);
    }

    TensorList add(String name, Content content, Long... shape) {
        tensors.add(new TinyTensor(name, name, content, null, List.of(shape)));
        return this;
    }

    /** The buffer of position ids, which is in checkpoints of older versions and is no weight. */
    TensorList positionIds(String name, long positions) {
        tensors.add(new TinyTensor(name, name, Content.COUNT, NumberKind.I64, List.of(1L, positions)));
        return this;
    }
}
