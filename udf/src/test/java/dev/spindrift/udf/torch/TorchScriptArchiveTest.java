package dev.spindrift.udf.torch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchScriptArchiveTest {
    private static final String CODE = """
            class Scale(Module):
              __parameters__ = []
              __buffers__ = ["by", ]
              training : bool
              by : Tensor
              def forward(self: __torch__.nested.Scale,
                  x: Tensor) -> Tensor:
                return torch.mul(x, self.by)
            """;
    private static final String ROOT_CODE = """
            class Whole(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              scale : __torch__.nested.Scale
              shift : float
              times : int
              large : int
              label : str
              def forward(self: __torch__.Whole,
                  x: Tensor) -> Tensor:
                y = (self.scale).forward(x, )
                return torch.add(torch.mul(y, self.times), self.shift)
            """;

    @TempDir
    private Path folder;

    @Test
    void isReadByTheEngineWithNestedModulesAndEveryKindOfAttribute() throws IOException {
        Path file = folder.resolve("whole.pt");
        Files.write(file, bytes(whole()));
        try (TorchModule module = TorchModule.load(file, "cpu")) {
            float[] result = module.call("forward", tensor(1, 2, 3));
            assertThat(result).containsExactly(20.5f, 80.5f, 180.5f);
        }
    }

    @Test
    void goesOnAfterACallThatFailed() throws IOException {
        Path file = folder.resolve("whole.pt");
        Files.write(file, bytes(whole()));
        try (TorchModule module = TorchModule.load(file, "cpu")) {
            assertThatThrownBy(() -> module.call("forward", tensor(1, 2)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("size of tensor");
            assertThat(module.call("forward", tensor(0, 0, 1))).containsExactly(0.5f, 0.5f, 60.5f);
        }
    }

    @Test
    void storesEntriesUnderOneRootWithPayloadsAligned() throws IOException {
        byte[] bytes = bytes(whole());
        Path file = folder.resolve("whole.pt");
        Files.write(file, bytes);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly(
                            "archive/data.pkl",
                            "archive/code/__torch__.py",
                            "archive/code/__torch__/nested.py",
                            "archive/constants.pkl",
                            "archive/byteorder",
                            "archive/version",
                            "archive/data/0");
            assertThat(zip.stream()).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
            ZipEntry tensor = zip.getEntry("archive/data/0");
            assertThat(zip.getInputStream(tensor).readAllBytes()).hasSize(12);
        }
        String raw = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(raw.indexOf("class Scale") % 64).isZero();
        assertThat(raw.indexOf("class Whole") % 64).isZero();
    }

    @Test
    void isTheSameBytesEachTime() throws IOException {
        assertThat(bytes(whole())).isEqualTo(bytes(whole()));
    }

    @Test
    void refusesAnAttributeItCannotWrite() {
        TorchScriptArchive archive = new TorchScriptArchive(new ScriptModule("A", Map.of("x", 'c')), Map.of());
        assertThatThrownBy(() -> bytes(archive)).hasMessageContaining("java.lang.Character");
    }

    @Test
    void namesTheArchiveThatTheEngineRefuses() throws IOException {
        Path file = folder.resolve("broken.pt");
        Files.write(file, "no archive".getBytes(UTF_8));
        assertThatThrownBy(() -> TorchModule.load(file, "cpu"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Cannot load the model archive " + file);
    }

    private static InputTensor tensor(float... numbers) {
        ByteBuffer data =
                ByteBuffer.allocateDirect(numbers.length * Float.BYTES).order(ByteOrder.nativeOrder());
        data.asFloatBuffer().put(numbers);
        return new InputTensor(data, InputTensor.Kind.FLOAT, numbers.length);
    }

    private static TorchScriptArchive whole() {
        Map<String, Object> scale = new LinkedHashMap<>();
        scale.put("training", false);
        scale.put("by", new Numbers(10, 20, 30));
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("training", false);
        whole.put("scale", new ScriptModule("nested.Scale", scale));
        whole.put("shift", 0.5);
        whole.put("times", 2L);
        whole.put("large", 1L << 40);
        whole.put("label", "größer");
        return new TorchScriptArchive(
                new ScriptModule("Whole", whole), Map.of("__torch__.py", ROOT_CODE, "__torch__/nested.py", CODE));
    }

    private static byte[] bytes(TorchScriptArchive archive) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        archive.writeTo(out);
        return out.toByteArray();
    }

    @SuppressWarnings("ArrayRecordComponent") // a fixture, never compared
    private record Numbers(float... values) implements ScriptTensor {
        @Override
        public Kind kind() {
            return Kind.FLOAT;
        }

        @Override
        public long[] shape() {
            return new long[] {values.length};
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            out.write(bytes.array());
        }
    }
}
