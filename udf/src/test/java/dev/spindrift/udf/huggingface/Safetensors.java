package dev.spindrift.udf.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The bytes of a safetensors file, put together by hand. */
final class Safetensors {
    private final Map<String, String> entries = new LinkedHashMap<>();
    private byte[] data = new byte[0];

    static byte[] of(String header, byte[] data) {
        byte[] json = header.getBytes(UTF_8);
        return of(json.length, json, data);
    }

    static byte[] of(long headerBytes, byte[] header, byte[] data) {
        return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerBytes)
                .put(header)
                .put(data)
                .array();
    }

    Safetensors with(String name, String kind, byte[] numbers, long... shape) {
        entries.put(
                name,
                "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                        .formatted(kind, Arrays.toString(shape), data.length, data.length + numbers.length));
        byte[] longer = Arrays.copyOf(data, data.length + numbers.length);
        System.arraycopy(numbers, 0, longer, data.length, numbers.length);
        data = longer;
        return this;
    }

    Safetensors with(String name, float[] numbers, long... shape) {
        return with(name, "F32", floats(numbers), shape);
    }

    String header() {
        return entries.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
                .collect(Collectors.joining(",", "{\"__metadata__\":{\"format\":\"pt\"},", "}"));
    }

    byte[] data() {
        return data;
    }

    byte[] bytes() {
        return of(header(), data);
    }

    static byte[] floats(float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return bytes.array();
    }

    static byte[] doubles(double... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(numbers);
        return bytes.array();
    }

    static byte[] shorts(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putShort((short) number);
        }
        return bytes.array();
    }
}
