package dev.spindrift.udf.huggingface;

import dev.spindrift.udf.torch.ScriptModule;
import dev.spindrift.udf.torch.ScriptTensor.Kind;
import dev.spindrift.udf.torch.TorchScriptArchive;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an encoder, its pooling and what follows as one TorchScript module, whose text is the resource
 * {@code encoder.torchscript}.
 *
 * <p>The module's method {@code packed} takes the tokens of a batch one sequence after the other, without padding:
 * {@code ids} and {@code places} (each token's position in its own sequence), both {@code [rows]}, {@code lengths} and
 * {@code skipped} (how many tokens at the beginning the pooling leaves out), both {@code [sequences]}; it gives
 * {@code [sequences, dimension]} 32-bit floats. Rows behind the last sequence are computed and not looked at.
 * Projections and norms run over all rows at once, attention over each sequence alone: so a text's numbers come from the
 * same operations on the same values whatever is beside it.
 *
 * <p>{@code prepare} is for a CPU: it brings the weights into the order in which oneDNN reads them, or rounds them to
 * eight bits, and drops the originals. TorchScript has no loop over modules, so the lines that name each layer are
 * filled in here.
 */
final class EncoderArchive {
    private static final String RESOURCE = "encoder.torchscript";

    /**
     * The CPU's kernels compute so many numbers at once, and what is left over at the end of a tensor by other functions,
     * which differ in the last bit: with rows of whole vectors nothing is, wherever in a batch a row stands.
     */
    private static final int WHOLE_VECTORS = 64;

    private final Encoder encoder;
    private final Head head;
    private final Kind kind;
    private final boolean quantized;

    /**
     * @param kind of the encoder's weights and activations; what follows it is in 32 bits always
     * @param quantized whether {@code prepare} rounds the layers' matrices to eight bits
     */
    EncoderArchive(Encoder encoder, Head head, Kind kind, boolean quantized) {
        this.encoder = encoder;
        this.head = head;
        this.kind = kind;
        this.quantized = quantized;
    }

    TorchScriptArchive archive() {
        return new TorchScriptArchive(encoder(), Map.of("__torch__.py", text()));
    }

    /** The module's text. */
    String text() {
        int layers = encoder.layers().size();
        Activation activation = encoder.activation();
        String fused = switch (activation) {
            case GELU -> "(self.mlp_in).gelu(x, \"none\")";
            case GELU_TANH -> "(self.mlp_in).gelu(x, \"tanh\")";
            default -> activation.of("(self.mlp_in).forward(x)");
        };
        // Of a single row the part is contiguous, and oneDNN computes the gelu of contiguous numbers only: let it
        // compute all, or a text of one token gets other bits alone than beside others.
        String part = activation == Activation.GELU ? "torch.contiguous(part)" : "part";
        return new ScriptText(RESOURCE)
                        .put("ACTIVATED_PART", activation.of(part))
                        .put("ACTIVATED_MLP", fused)
                        .putLines("LAYERS", layers, i -> "  layer" + i + " : __torch__.Layer")
                        .putLines("PREPARE_LAYERS", layers, i -> "    _%1$d = (self.layer%1$d).prepare(n)".formatted(i))
                        .putLines("THROUGH_LAYERS", layers, this::throughLayer)
                + "\n" + head.text();
    }

    private String throughLayer(int i) {
        return encoder.layers().get(i).local()
                ? "    x = (self.layer%d).forward(x, sizes, bounds, local_rotation, local_mask)".formatted(i)
                : "    x = (self.layer%d).forward(x, sizes, bounds, rotation, mask)".formatted(i);
    }

    private ScriptModule encoder() {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("words", stored(encoder.words()));
        attributes.put("positions", orNone(encoder.positions()));
        attributes.put("rotation", rotation(0));
        attributes.put("local_rotation", rotation(1));
        attributes.put("relative_bias", orNone(encoder.attention().relativeBias()));
        attributes.put("window", (long) encoder.attention().window());
        attributes.put("embedding_norm", norm(encoder.embeddingNorm()));
        attributes.put("final_norm", norm(encoder.finalNorm()));
        attributes.put("head", head.module());
        for (int i = 0; i < encoder.layers().size(); i++) {
            attributes.put("layer" + i, layer(encoder.layers().get(i).widened(WHOLE_VECTORS)));
        }
        return new ScriptModule("Encoder", attributes);
    }

    private ScriptModule layer(EncoderLayer layer) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("heads", (long) encoder.attention().heads());
        attributes.put("key_value_heads", (long) encoder.attention().keyValueHeads());
        attributes.put("head_size", (long) encoder.attention().headSize());
        attributes.put("causal", encoder.attention().causal());
        attributes.put("window", layer.local() ? (long) encoder.attention().window() : 0L);
        attributes.put("norm_first", encoder.norms().first());
        attributes.put("gated", encoder.gated());
        attributes.put("attention_norm", norm(layer.attentionNorm()));
        attributes.put("query_key_value", linear(layer.queryKeyValue()));
        attributes.put("query_norm", norm(layer.queryNorm()));
        attributes.put("key_norm", norm(layer.keyNorm()));
        attributes.put("attention_out", linear(layer.attentionOut()));
        attributes.put("mlp_norm", norm(layer.mlpNorm()));
        attributes.put("mlp_in", linear(layer.mlpIn()));
        attributes.put("mlp_out", linear(layer.mlpOut()));
        return new ScriptModule("Layer", attributes);
    }

    private ScriptModule linear(Affine affine) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("quantized", quantized);
        attributes.put("weight", stored(affine.weight()));
        attributes.put("bias", orNone(affine.bias()));
        attributes.put("packed", ScriptModule.NONE);
        attributes.put("scales", ScriptModule.NONE);
        return new ScriptModule("Linear", attributes);
    }

    private ScriptModule norm(@Nullable Norm norm) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("present", norm != null);
        attributes.put("centered", !encoder.norms().rootMeanSquare());
        attributes.put("epsilon", encoder.norms().epsilon());
        attributes.put("weight", stored(norm == null ? Numbers.of(new float[1], 1) : norm.weight()));
        attributes.put("bias", orNone(norm == null ? null : norm.bias()));
        return new ScriptModule("Norm", attributes);
    }

    /** Cosines, then sines, of each position's angles: {@code [maxPositions, headSize]}, in 32 bits always. */
    private Object rotation(int which) {
        if (which >= encoder.attention().rotations().size()) {
            return ScriptModule.NONE;
        }
        return new TypedNumbers(
                new RotationTable(encoder.attention().rotations().get(which), encoder.maxPositions()), Kind.FLOAT);
    }

    private Object orNone(@Nullable Numbers numbers) {
        return numbers == null ? ScriptModule.NONE : stored(numbers);
    }

    private TypedNumbers stored(Numbers numbers) {
        return new TypedNumbers(numbers, kind);
    }
}
