package dev.spindrift.udf.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes tensors as safetensors files, holding no more than a buffer of them in memory. */
final class SafetensorsWriter {
    private final long seed;
    private final NumberKind kind;

    /**
     * @param seed what the numbers are made from
     * @param kind how tensors that do not say otherwise are held
     */
    SafetensorsWriter(long seed, NumberKind kind) {
        this.seed = seed;
        this.kind = kind;
    }

    /** Writes {@code model.safetensors}, or that many shards and their index. */
    void writeModel(Path directory, List<TinyTensor> tensors, int shards) throws IOException {
        if (shards == 1) {
            write(directory.resolve("model.safetensors"), tensors);
            return;
        }
        JsonObject files = new JsonObject();
        long bytes = 0;
        for (int shard = 0; shard < shards; shard++) {
            String file = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", shard + 1, shards);
            List<TinyTensor> some = new ArrayList<>();
            for (int i = shard * tensors.size() / shards; i < (shard + 1) * tensors.size() / shards; i++) {
                some.add(tensors.get(i));
                files.addProperty(tensors.get(i).name(), file);
                bytes += bytes(tensors.get(i));
            }
            write(directory.resolve(file), some);
        }
        JsonObject metadata = new JsonObject();
        metadata.addProperty("total_size", bytes);
        JsonObject index = new JsonObject();
        index.add("metadata", metadata);
        index.add("weight_map", files);
        Files.writeString(directory.resolve("model.safetensors.index.json"), index.toString());
    }

    /** Writes one file of {@code tensors}. */
    void write(Path file, List<TinyTensor> tensors) throws IOException {
        byte[] header = header(tensors).getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.max(1 << 16, 8 + header.length)).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            buffer.putLong(header.length).put(header);
            for (TinyTensor tensor : tensors) {
                long numbers = tensor.numbers();
                for (long i = 0; i < numbers; i++) {
                    if (buffer.remaining() < Long.BYTES) {
                        drain(buffer, channel);
                    }
                    kind(tensor).put(buffer, tensor.number(seed, i));
                }
            }
            drain(buffer, channel);
        }
    }

    private String header(List<TinyTensor> tensors) {
        JsonObject header = new JsonObject();
        JsonObject metadata = new JsonObject();
        metadata.addProperty("format", "pt");
        header.add("__metadata__", metadata);
        long offset = 0;
        for (TinyTensor tensor : tensors) {
            JsonArray shape = new JsonArray();
            for (long size : tensor.shape()) {
                shape.add(size);
            }
            JsonArray offsets = new JsonArray();
            offsets.add(offset);
            offset += bytes(tensor);
            offsets.add(offset);
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", kind(tensor).name());
            entry.add("shape", shape);
            entry.add("data_offsets", offsets);
            header.add(tensor.name(), entry);
        }
        String json = header.toString();
        // As the original writer does, so that the data begins at a multiple of eight.
        return json + " ".repeat((8 - json.getBytes(StandardCharsets.UTF_8).length % 8) % 8);
    }

    private NumberKind kind(TinyTensor tensor) {
        return tensor.kind() == null ? kind : tensor.kind();
    }

    private long bytes(TinyTensor tensor) {
        return tensor.numbers() * kind(tensor).bytes;
    }

    private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
