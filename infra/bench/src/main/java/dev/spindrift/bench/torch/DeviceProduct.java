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

/** A product of two square matrices of 16-bit floats on a device: what it gives at most to an encoder. */
public final class DeviceProduct implements Closeable {
    private static final String CODE = """
            class Product(Module):
              __parameters__ = []
              __buffers__ = ["left", "right", ]
              training : bool
              left : Tensor
              right : Tensor
              def fill(self: __torch__.Product, size: Tensor) -> Tensor:
                n = int(size)
                device = ops.prim.device(self.left)
                self.left = torch.to(torch.rand([n, n], dtype=6, layout=None, device=device), 5)
                self.right = torch.to(torch.rand([n, n], dtype=6, layout=None, device=device), 5)
                return torch.to(size, 6)
              def multiply(self: __torch__.Product, times: Tensor) -> Tensor:
                product = self.left
                for i in range(int(times)):
                  product = torch.mm(self.left, self.right)
                return torch.to(torch.to(torch.select(product, 0, 0), 6), torch.device("cpu"))
            """;

    private final TorchModule module;
    private final int size;

    /** Loads a product of {@code size} squared to {@code device} by way of a file in {@code folder}. */
    public DeviceProduct(int size, String device, Path folder) throws IOException {
        this.size = size;
        Numbers one = new Numbers(() -> new float[1], 1);
        ScriptModule script = new ScriptModule("Product", Map.of("training", false, "left", one, "right", one));
        Path file = folder.resolve("product.pt");
        try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(file))) {
            new TorchScriptArchive(script, Map.of("__torch__.py", CODE)).writeTo(to);
        }
        module = TorchModule.load(file, device);
        module.call("fill", number(size));
    }

    /** Runs {@code times} products and gives their floating point operations per second. */
    public double flopsPerSecond(int times) {
        long begin = System.nanoTime();
        module.call("multiply", number(times));
        return 2e9 * times * size * size * size / (System.nanoTime() - begin);
    }

    @Override
    public void close() {
        module.close();
    }

    private static InputTensor number(int number) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        return new InputTensor(buffer.putLong(0, number), InputTensor.Kind.LONG, 1);
    }
}
