package dev.spindrift.bench.torch;

import dev.spindrift.udf.torch.InputTensor;
import dev.spindrift.udf.torch.ScriptModule;
import dev.spindrift.udf.torch.TorchModule;
import dev.spindrift.udf.torch.TorchScriptArchive;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A bare matrix product in 32-bit floats, {@code [rows, in] x [in, out]}, by oneDNN with the weights packed beforehand:
 * what the processor gives at most to a layer of these sizes. One thread, the caller's.
 */
public final class MatrixProduct implements Closeable {
    /** Products of one call, each of other rows, so that what a call costs by itself does not count. */
    private static final int REPEATS = 8;

    private static final String CODE = """
            class Product(Module):
              __parameters__ = []
              __buffers__ = ["weight", ]
              training : bool
              weight : Tensor
              def pack(self: __torch__.Product, rows: Tensor) -> Tensor:
                self.weight = ops.mkldnn._reorder_linear_weight(self.weight, torch.size(rows, 1))
                return torch.ones([1])
              def multiply(self: __torch__.Product, rows: Tensor) -> Tensor:
                product = torch.select(rows, 0, 0)
                for i in range(torch.size(rows, 0)):
                  product = ops.mkldnn._linear_pointwise(torch.select(rows, 0, i), self.weight, None, "none", annotate(List[Optional[number]], []), "")
                return torch.select(product, 0, 0)
            """;

    private final TorchModule module;
    private final InputTensor input;
    private final double flops;

    /** Loads a product of these sizes by way of a file in {@code folder}. */
    public MatrixProduct(int rows, int in, int out, Path folder) throws IOException {
        Numbers weight = new Numbers(() -> random((long) in * out), out, in);
        ScriptModule script = new ScriptModule("Product", Map.of("training", false, "weight", weight));
        Path file = folder.resolve("product-" + rows + "-" + in + "-" + out + ".pt");
        try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(file))) {
            new TorchScriptArchive(script, Map.of("__torch__.py", CODE)).writeTo(to);
        }
        float[] numbers = random((long) REPEATS * rows * in);
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(Float.BYTES * numbers.length).order(ByteOrder.nativeOrder());
        buffer.asFloatBuffer().put(numbers);
        input = new InputTensor(buffer, InputTensor.Kind.FLOAT, REPEATS, rows, in);
        flops = 2.0 * REPEATS * rows * in * out;
        module = TorchModule.load(file, "cpu");
        module.call("pack", input);
    }

    /** Floating point operations of one {@link #run}. */
    public double flops() {
        return flops;
    }

    public void run() {
        module.call("multiply", input);
    }

    @Override
    public void close() {
        module.close();
    }

    private static float[] random(long count) {
        SplittableRandom random = new SplittableRandom(1);
        float[] numbers = new float[Math.toIntExact(count)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }
}
