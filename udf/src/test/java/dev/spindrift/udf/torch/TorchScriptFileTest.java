package dev.spindrift.udf.torch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import dev.spindrift.udf.reference.Fuzzer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchScriptFileTest {
    @TempDir
    Path folder;

    @Test
    void acceptsWhatWeWrite() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new TorchScriptArchive(new ScriptModule("A", Map.of("by", new Zeros(2, 3))), Map.of("__torch__.py", ""))
                .writeTo(bytes);
        assertAccepted(bytes.toByteArray());
    }

    @Test
    void acceptsWhatTheEngineWrites() throws IOException {
        String code = """
                class A(Module):
                  __parameters__ = []
                  __buffers__ = ["by", ]
                  training : bool
                  by : Tensor
                  def forward(self: __torch__.A,
                      x: Tensor) -> Tensor:
                    return torch.mul(x, self.by)
                """;
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("by", new Zeros(2, 3));
        ByteArrayOutputStream ours = new ByteArrayOutputStream();
        new TorchScriptArchive(new ScriptModule("A", attributes), Map.of("__torch__.py", code)).writeTo(ours);
        ByteArrayOutputStream theirs = new ByteArrayOutputStream();
        try (Model model = TorchEngine.start().newModel("bring", Device.cpu())) {
            write(ours.toByteArray());
            model.load(folder, "bring.pt");
            JniUtils.writeModule((PtSymbolBlock) model.getBlock(), theirs, false);
        } catch (MalformedModelException e) {
            throw new IOException(e);
        }
        assertThat(theirs.size()).isNotZero().isNotEqualTo(ours.size());
        assertAccepted(theirs.toByteArray());
    }

    @Test
    void readsOrRefusesDamagedPickles() {
        byte[] whole = tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1});
        Fuzzer.Outcome outcome = Fuzzer.run(200_000, "pickle", fuzzer -> fuzzer.damaged(whole), pickle -> {
            String wrong = PickleCheck.wrong(pickle, key -> 24);
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException("Cannot read the pickle: " + wrong);
            }
        });
        assertThat(outcome.accepted()).isPositive();
        assertThat(outcome.refused()).isGreaterThan(100_000);
    }

    @Test
    void readsOrRefusesDamagedArchives() throws IOException {
        byte[] whole = zip(
                entries(tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1})), "code/__torch__.py");
        Fuzzer.Outcome outcome = Fuzzer.run(
                2_000, "bring.pt", fuzzer -> fuzzer.damaged(whole), archive -> TorchScriptFile.check(write(archive)));
        assertThat(outcome.accepted()).isPositive();
        assertThat(outcome.refused()).isPositive();
    }

    @Test
    void acceptsWhatTorchWrites() throws IOException {
        assertAccepted(zip(entries(tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1}))));
        Map<String, byte[]> compressed = entries(new Pickle().none().stop());
        compressed.put("code/__torch__.py", "x = 1\n".repeat(1000).getBytes(UTF_8));
        compressed.put("code/__torch__.py.debug_pkl", new Pickle().emptyTuple().stop());
        compressed.put("code/__torch__/own/models/___torch_mangle_3.py", "".getBytes(UTF_8));
        compressed.put("extra/notes (1).txt", "".getBytes(UTF_8));
        compressed.put(".data/serialization_id", "1".getBytes(UTF_8));
        assertAccepted(zip(compressed, "code/__torch__.py"));
    }

    @Test
    void refusesGlobalsThatRunPython() throws IOException {
        for (String[] global : new String[][] {
            {"os", "system"},
            {"builtins", "eval"},
            {"torch.storage", "_load_from_bytes"},
            {"__main__", "Model"},
            {"torch", "load"}
        }) {
            byte[] pickle = new Pickle()
                    .global(global[0], global[1])
                    .mark()
                    .text("x")
                    .tuple()
                    .reduce()
                    .stop();
            assertRefused(zip(entries(pickle)), "in data.pkl: it asks for " + global[0] + "." + global[1]);
            Map<String, byte[]> inConstants = entries(new Pickle().none().stop());
            inConstants.put("constants.pkl", pickle);
            assertRefused(zip(inConstants), "in constants.pkl: it asks for ");
        }
    }

    @Test
    void refusesTensorsBeyondTheirStorage() throws IOException {
        assertRefused(
                zip(entries(tensor("FloatStorage", "0", 6, 1, new long[] {2, 3}, new long[] {3, 1}))),
                "a tensor reaches to number 7 of a storage of 6");
        assertRefused(
                zip(entries(tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {300, 1}))),
                "a tensor reaches to");
        assertRefused(zip(entries(tensor("FloatStorage", "0", 6, 0, new long[] {-1}, new long[] {1}))), "no counts");
        assertRefused(
                zip(entries(tensor("FloatStorage", "0", 6, 0, new long[] {1L << 62, 4}, new long[] {4, 1}))),
                "does not fit into 64 bits");
        assertRefused(
                zip(entries(tensor("FloatStorage", "0", 6, 9, new long[] {0}, new long[] {1}))), "a tensor reaches to");
    }

    @Test
    void refusesStoragesLargerThanTheirFile() throws IOException {
        assertRefused(
                zip(entries(tensor("FloatStorage", "0", 7, 0, new long[] {7}, new long[] {1}))),
                "a storage of 7 numbers");
        assertRefused(
                zip(entries(tensor("DoubleStorage", "0", 6, 0, new long[] {6}, new long[] {1}))),
                "a storage of 6 numbers");
        assertRefused(
                zip(entries(tensor("FloatStorage", "1", 6, 0, new long[] {6}, new long[] {1}))),
                "a storage of 6 numbers");
        assertRefused(
                zip(entries(tensor("FloatStorage", "0", 1L << 62, 0, new long[] {6}, new long[] {1}))),
                "does not fit into 64 bits");
    }

    @Test
    void refusesPicklesThatAreNoPrograms() throws IOException {
        byte[] whole = tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1});
        for (int length = 0; length < whole.length; length++) {
            assertThat(PickleCheck.wrong(Arrays.copyOf(whole, length), key -> 24))
                    .isNotEmpty();
        }
        assertThat(PickleCheck.wrong(whole, key -> 24)).isEmpty();
        assertThat(PickleCheck.wrong(new byte[] {(byte) 0x80, 4, 'N', '.'}, key -> 0))
                .contains("protocol 2");
        assertThat(wrong('i', "os\nsystem\n.")).contains("opcode 105");
        assertThat(wrong(0x93, ".")).contains("opcode 147");
        assertThat(wrong('R', ".")).contains("more values than there are");
        assertThat(wrong('t', ".")).contains("more values than there are");
        assertThat(wrong('N', "h\1.")).contains("recalls");
        assertThat(wrong('N', "r\377\377\377\377.")).contains("remembers a value at the place 4294967295");
        assertThat(wrong('K', "\0)R.")).contains("calls what is no function");
        assertThat(wrong('N', ".N")).contains("does not end with one object");
        assertThat(wrong('X', "\377\377\377\377")).contains("ends within an instruction");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "archive/../../x",
                "archive/a\\b",
                "archive/.",
                "archive/",
                "other/x",
                "archive//x",
                "x"
            })
    void refusesNamesThatLeadElsewhere(String name) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries(new Pickle().none().stop()).forEach((path, content) -> entries.put("archive/" + path, content));
        entries.put(name, new byte[0]);
        assertThatThrownBy(() -> TorchScriptFile.check(write(zipOf(entries))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bring.pt")
                .hasMessageMatching("(?s).*(an entry is called|not all in the folder).*");
    }

    @Test
    void refusesNamesOfManyParts() throws IOException {
        Map<String, byte[]> entries = entries(new Pickle().none().stop());
        entries.put("a/".repeat(30_000), new byte[0]);
        assertRefused(zip(entries), "an entry is called");
    }

    @Test
    void refusesBombs() throws IOException {
        Map<String, byte[]> bomb = entries(new Pickle().none().stop());
        bomb.put("code/__torch__.py", new byte[65 << 20]);
        assertRefused(zip(bomb, "code/__torch__.py"), "would unpack to more than the file can hold");
    }

    @Test
    void refusesAListOfEntriesThatFillsTheMemory() throws IOException {
        byte[] end = {'P', 'K', 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 120, 0, 0, 0, 0, 0, 0};
        Path file = folder.resolve("bring.pt");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(120L << 24);
            out.write(end);
        }
        assertThatThrownBy(() -> TorchScriptFile.check(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its list of entries takes 2013265920 bytes");
    }

    @Test
    void refusesWhatIsNoArchive() throws IOException {
        assertRefused(new byte[0], "it is no whole ZIP");
        assertRefused("PK".getBytes(UTF_8), "it is no whole ZIP");
        assertRefused(new byte[100_000], "it is no whole ZIP");
        assertRefused(zip(Map.of("data.pkl", new Pickle().none().stop())), "it has no data.pkl or no code");
        assertThatThrownBy(() -> TorchScriptFile.check(folder.resolve("absent.pt")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("absent.pt");
    }

    private static String wrong(int opcode, String rest) {
        byte[] tail = rest.getBytes(ISO_8859_1);
        byte[] pickle = Arrays.copyOf(new byte[] {(byte) 0x80, 2, (byte) opcode}, 3 + tail.length);
        System.arraycopy(tail, 0, pickle, 3, tail.length);
        return PickleCheck.wrong(pickle, key -> 0);
    }

    /** A pickle of one tensor. */
    static byte[] tensor(String kind, String key, long count, long offset, long[] sizes, long[] strides) {
        Pickle pickle =
                new Pickle().global("torch._utils", "_rebuild_tensor_v2").mark();
        pickle.mark()
                .text("storage")
                .global("torch", kind)
                .text(key)
                .text("cpu")
                .integer(count);
        pickle.tuple().persistentId().integer(offset).integers(sizes).integers(strides);
        pickle.bool(false).global("collections", "OrderedDict").emptyTuple().reduce();
        return pickle.tuple().reduce().stop();
    }

    /** An archive with the pickle {@code data} and a storage of 24 bytes, by names below its root. */
    static Map<String, byte[]> entries(byte[] data) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("data.pkl", data);
        entries.put("code/__torch__.py", "".getBytes(UTF_8));
        entries.put("constants.pkl", new Pickle().emptyTuple().stop());
        entries.put("data/0", new byte[24]);
        entries.put("version", "10\n".getBytes(UTF_8));
        return entries;
    }

    static byte[] zip(Map<String, byte[]> entries, String... compressed) throws IOException {
        Map<String, byte[]> whole = new LinkedHashMap<>();
        entries.forEach((name, content) -> whole.put("archive/" + name, content));
        return zipOf(whole, compressed);
    }

    private static byte[] zipOf(Map<String, byte[]> entries, String... compressed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                if (!Arrays.asList(compressed).contains(each.getKey().replaceFirst("^archive/", ""))) {
                    CRC32 crc = new CRC32();
                    crc.update(each.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(each.getValue().length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("bring.pt"), bytes);
    }

    private void assertAccepted(byte[] bytes) throws IOException {
        Path file = write(bytes);
        assertThatCode(() -> TorchScriptFile.check(file)).doesNotThrowAnyException();
    }

    private void assertRefused(byte[] bytes, String why) throws IOException {
        Path file = write(bytes);
        assertThatThrownBy(() -> TorchScriptFile.check(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot use " + file + " as a TorchScript archive: ")
                .hasMessageContaining(why);
    }

    @SuppressWarnings("ArrayRecordComponent") // a fixture, never compared
    private record Zeros(long... shape) implements ScriptTensor {
        @Override
        public Kind kind() {
            return Kind.HALF;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(new byte[2 * (int) numbers()]);
        }
    }
}
