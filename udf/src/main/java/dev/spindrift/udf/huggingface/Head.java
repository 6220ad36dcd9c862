package dev.spindrift.udf.huggingface;

import dev.spindrift.udf.torch.ScriptModule;
import dev.spindrift.udf.torch.ScriptTensor.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What makes one vector of the vectors of a text's tokens. It is the TorchScript class {@code Head}, whose text is the
 * resource {@code head.torchscript}; all of it is in 32 bits.
 *
 * <p>On a CPU each text goes through the dense layers alone: the kernels there depend on the number of rows.
 *
 * @param pooling the vectors made of the tokens, put behind each other in this order
 * @param denses what the result goes through
 * @param normalize whether it is then brought to length 1
 * @param dimension how many numbers are kept; if there are more, the rest is brought to length 1 again
 */
record Head(List<Pooling> pooling, List<Dense> denses, boolean normalize, int dimension) {

    /** The text of its class. */
    String text() {
        return new ScriptText("head.torchscript")
                .putLines(
                        "POOLED",
                        pooling.size(),
                        i -> "    _" + i + " = torch.append(parts, "
                                + pooling.get(i).text() + ")")
                .putLines("DENSES", denses.size(), i -> "  dense" + i + " : __torch__.Dense")
                .putLines(
                        "THROUGH_DENSES",
                        denses.size(),
                        i -> "    d = " + denses.get(i).activation().of("(self.dense" + i + ").forward(d)"))
                .toString();
    }

    /** The object. */
    ScriptModule module() {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("normalized", normalize);
        attributes.put("dimension", (long) dimension);
        for (int i = 0; i < denses.size(); i++) {
            attributes.put("dense" + i, module(denses.get(i)));
        }
        return new ScriptModule("Head", attributes);
    }

    private static ScriptModule module(Dense dense) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        Numbers bias = dense.bias();
        attributes.put("training", false);
        attributes.put("weight", new TypedNumbers(dense.weight(), Kind.FLOAT));
        attributes.put("bias", bias == null ? ScriptModule.NONE : new TypedNumbers(bias, Kind.FLOAT));
        return new ScriptModule("Dense", attributes);
    }
}
