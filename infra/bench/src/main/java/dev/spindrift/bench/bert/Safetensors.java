package dev.spindrift.bench.bert;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a directory's safetensors files, of 16 or 32-bit floats. For files that are trusted. */
final class Safetensors implements Closeable {
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<FileChannel> files = new ArrayList<>();

    private Safetensors() {}

    static Safetensors open(Path directory) throws IOException {
        Safetensors tensors = new Safetensors();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.safetensors")) {
            for (Path file : found) {
                tensors.add(FileChannel.open(file));
            }
        }
        return tensors;
    }

    boolean contains(String name) {
        return entries.containsKey(name);
    }

    /** All numbers of a tensor, row-major, widened to 32 bits. */
    float[] read(String name) throws IOException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("it has no tensor " + name);
        }
        ByteBuffer bytes = read(entry.file, entry.begin, Math.toIntExact(entry.end - entry.begin));
        boolean wide = entry.type.equals("F32");
        float[] numbers = new float[bytes.remaining() / (wide ? Float.BYTES : Short.BYTES)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (entry.type) {
                case "F32" -> bytes.getFloat();
                case "BF16" -> Float.intBitsToFloat(bytes.getShort() << 16);
                case "F16" -> half(bytes.getShort());
                default -> throw new IllegalArgumentException("its tensor " + name + " is of type " + entry.type);
            };
        }
        return numbers;
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : files) {
            file.close();
        }
    }

    private void add(FileChannel file) throws IOException {
        files.add(file);
        long length = read(file, 0, Long.BYTES).getLong();
        String header = StandardCharsets.UTF_8
                .decode(read(file, Long.BYTES, Math.toIntExact(length)))
                .toString();
        JsonObject tensors = JsonParser.parseString(header).getAsJsonObject();
        tensors.remove("__metadata__");
        for (String name : tensors.keySet()) {
            JsonObject tensor = tensors.getAsJsonObject(name);
            JsonArray offsets = tensor.getAsJsonArray("data_offsets");
            long base = Long.BYTES + length;
            entries.put(
                    name,
                    new Entry(
                            file,
                            tensor.get("dtype").getAsString(),
                            base + offsets.get(0).getAsLong(),
                            base + offsets.get(1).getAsLong()));
        }
    }

    private static ByteBuffer read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("a safetensors file ends too early");
            }
        }
        return bytes.flip();
    }

    /** IEEE 754 binary16, widened exactly. */
    private static float half(short bits) {
        int exponent = (bits >>> 10) & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude = exponent == 0
                ? fraction * 0x1p-24f
                : Float.intBitsToFloat(((exponent == 31 ? 255 : exponent + 112) << 23) | (fraction << 13));
        return bits < 0 ? -magnitude : magnitude;
    }

    private record Entry(FileChannel file, String type, long begin, long end) {}
}
