package dev.spindrift.udf.torch;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module as the file that {@code torch.jit.load} and DJL read, written without Python.
 *
 * <p>The file is a ZIP of stored entries under one root folder: {@code data.pkl} is the object as a pickle program,
 * {@code data/0}, {@code data/1} ... are the numbers of its tensors, {@code code/__torch__.py} the text of its classes
 * and methods, which libtorch parses and checks when it loads. The same module always gives the same bytes.
 */
public final class TorchScriptArchive {
    private static final String ROOT = "archive/";

    /** Chooses among historic operator schemas; the operators' current ones need 10. */
    private static final String SCHEMA_VERSION = "10\n";

    /** libtorch maps payloads that begin at a multiple of this without copying them. */
    private static final int ALIGNMENT = 64;

    private static final int LOCAL_HEADER = 30;
    private static final int EXTRA_HEADER = 4;

    /** The second day that ZIP can name: for the first, Java adds a field of its own with a time zone in it. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

    private final ScriptModule module;
    private final Map<String, String> code;
    private final List<ScriptTensor> tensors = new ArrayList<>();

    /**
     * An archive of {@code module}.
     *
     * @param code path below {@code code/} to source text: {@code __torch__.py} holds the classes of
     *     {@code __torch__}, {@code __torch__/nested.py} those of {@code __torch__.nested}
     */
    public TorchScriptArchive(ScriptModule module, Map<String, String> code) {
        this.module = module;
        this.code = Map.copyOf(code);
    }

    /** Writes the archive to {@code out} and flushes it, but does not close it. */
    public void writeTo(OutputStream out) throws IOException {
        tensors.clear();
        byte[] pickle = object(new Pickle(), module).stop();
        Position position = new Position(out);
        ZipOutputStream zip = new ZipOutputStream(position, StandardCharsets.UTF_8);
        zip.setMethod(ZipOutputStream.STORED);
        entry(zip, position, "data.pkl", to -> to.write(pickle));
        for (Map.Entry<String, String> source :
                code.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
            text(zip, position, "code/" + source.getKey(), source.getValue());
        }
        byte[] noConstants = new Pickle().emptyTuple().stop();
        entry(zip, position, "constants.pkl", to -> to.write(noConstants));
        text(zip, position, "byteorder", "little");
        text(zip, position, "version", SCHEMA_VERSION);
        for (int i = 0; i < tensors.size(); i++) {
            entry(zip, position, "data/" + i, tensors.get(i)::writeTo);
        }
        zip.finish();
        position.flush();
    }

    private Pickle object(Pickle pickle, ScriptModule object) {
        String path = "__torch__." + object.type();
        int dot = path.lastIndexOf('.');
        pickle.global(path.substring(0, dot), path.substring(dot + 1))
                .emptyTuple()
                .newObject()
                .emptyDict()
                .mark();
        object.attributes().forEach((name, value) -> {
            pickle.text(name);
            value(pickle, value);
        });
        return pickle.setItems().build();
    }

    private void value(Pickle pickle, Object value) {
        if (value instanceof ScriptTensor tensor) {
            tensor(pickle, tensor);
        } else if (value instanceof ScriptModule child) {
            object(pickle, child);
        } else if (value instanceof Boolean flag) {
            pickle.bool(flag);
        } else if (value instanceof Long number) {
            pickle.integer(number);
        } else if (value instanceof Double number) {
            pickle.floating(number);
        } else if (value instanceof String text) {
            pickle.text(text);
        } else if (value == ScriptModule.NONE) {
            pickle.none();
        } else {
            throw new IllegalArgumentException("Cannot write a TorchScript attribute of "
                    + value.getClass().getName() + ": use a tensor, module, Boolean, Long, Double, String or NONE.");
        }
    }

    private void tensor(Pickle pickle, ScriptTensor tensor) {
        String key = Integer.toString(tensors.size());
        tensors.add(tensor);
        pickle.global("torch._utils", "_rebuild_tensor_v2").mark();
        pickle.mark()
                .text("storage")
                .global("torch", tensor.kind().storage)
                .text(key)
                .text("cpu")
                .integer(tensor.numbers())
                .tuple()
                .persistentId();
        pickle.integer(0).integers(tensor.shape()).integers(strides(tensor.shape()));
        // requires_grad, and the empty table of backward hooks.
        pickle.bool(false).global("collections", "OrderedDict").emptyTuple().reduce();
        pickle.tuple().reduce();
    }

    private static long[] strides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    private static void text(ZipOutputStream zip, Position position, String name, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        entry(zip, position, name, to -> to.write(utf8));
    }

    private static void entry(ZipOutputStream zip, Position position, String name, Payload payload) throws IOException {
        CRC32 crc = new CRC32();
        Position size = new Position(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
        buffered(size, payload);
        ZipEntry entry = new ZipEntry(ROOT + name);
        entry.setTimeLocal(NO_TIME);
        entry.setSize(size.count);
        entry.setCompressedSize(size.count);
        entry.setCrc(crc.getValue());
        entry.setExtra(padding(position.count + LOCAL_HEADER + entry.getName().length()));
        zip.putNextEntry(entry);
        buffered(zip, payload);
        zip.closeEntry();
    }

    private static void buffered(OutputStream to, Payload payload) throws IOException {
        BufferedOutputStream buffer = new BufferedOutputStream(to, 1 << 16);
        payload.writeTo(buffer);
        buffer.flush();
    }

    /** An extra field, "FB" as libtorch's own writer names it, that brings the payload behind it to its alignment. */
    private static byte[] padding(long headerEnd) {
        int length = (int) Math.floorMod(-(headerEnd + EXTRA_HEADER), (long) ALIGNMENT);
        byte[] extra = new byte[EXTRA_HEADER + length];
        extra[0] = 'F';
        extra[1] = 'B';
        extra[2] = (byte) length;
        return extra;
    }

    private interface Payload {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Counts the bytes that have passed. */
    private static final class Position extends FilterOutputStream {
        private long count;

        Position(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            count += length;
        }
    }
}
