package dev.spindrift.udf.huggingface;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a safetensors file says of itself: eight bytes with the length of a JSON object, and that object, which names
 * each tensor's kind, shape and place in the bytes that follow. The places fill those bytes exactly: no overlap, no
 * hole.
 */
final class SafetensorsHeader {
    /**
     * The format allows 100 MB. An encoder of a thousand layers needs two; more would only be memory that a hostile
     * file makes us spend.
     */
    private static final int MOST_BYTES = 16 << 20;

    private static final int MOST_DIMENSIONS = 64;

    private static final String NOTES = "__metadata__";

    /**
     * A tensor.
     *
     * @param start the place in the file of its first byte
     * @param bytes how many it takes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(String name, StoredTensor.Kind kind, long[] shape, long numbers, long start, long bytes) {}

    private final String file;
    private final long dataStart;
    private final long fileBytes;

    private SafetensorsHeader(String file, long dataStart, long fileBytes) {
        this.file = file;
        this.dataStart = dataStart;
        this.fileBytes = fileBytes;
    }

    /**
     * Reads the header of {@code file} from its start.
     *
     * @param fileBytes the file's size
     * @return its tensors in the order of their places
     * @throws IllegalArgumentException naming {@code file} if it is not a whole safetensors file
     */
    static List<Entry> read(String file, ReadableByteChannel channel, long fileBytes) throws IOException {
        ByteBuffer length = read(file, channel, Long.BYTES);
        long headerBytes = length.order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (headerBytes < 0 || headerBytes > MOST_BYTES) {
            throw refused(
                    file,
                    "its header is said to be " + Long.toUnsignedString(headerBytes) + " bytes, above " + MOST_BYTES);
        }
        if (headerBytes > fileBytes - Long.BYTES) {
            throw refused(file, "its header of " + headerBytes + " bytes is not all there");
        }
        ByteBuffer json = read(file, channel, (int) headerBytes);
        return new SafetensorsHeader(file, Long.BYTES + headerBytes, fileBytes).entries(json);
    }

    private static ByteBuffer read(String file, ReadableByteChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw refused(file, "it ends inside its header");
            }
        }
        return buffer.flip();
    }

    private List<Entry> entries(ByteBuffer json) {
        if (!json.hasRemaining() || json.get(0) != '{') {
            throw refused(file, "its header does not begin with {");
        }
        List<Entry> inOrder = StrictJson.<List<Entry>>parse(file, json, this::entries).stream()
                .sorted(Comparator.comparingLong(Entry::start).thenComparing(Entry::bytes))
                .toList();
        long end = dataStart;
        for (Entry entry : inOrder) {
            if (entry.start() != end) {
                throw wrong(entry.name(), entry.start() < end ? "overlaps another" : "leaves a hole before it");
            }
            end += entry.bytes();
        }
        if (end != fileBytes) {
            throw refused(file, "its tensors end at byte " + end + ", the file at " + fileBytes);
        }
        return inOrder;
    }

    private List<Entry> entries(JsonReader reader) throws IOException {
        Set<String> names = new HashSet<>();
        List<Entry> entries = new ArrayList<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (!names.add(name)) {
                throw wrong(name, "stands twice in the header");
            }
            if (name.equals(NOTES)) {
                StrictJson.object(reader, SafetensorsHeader::string);
            } else {
                entries.add(entry(name, reader));
            }
        }
        reader.endObject();
        return entries;
    }

    private Entry entry(String name, JsonReader reader) throws IOException {
        StoredTensor.Kind kind = null;
        long[] shape = null;
        long[] place = null;
        reader.beginObject();
        while (reader.hasNext()) {
            String field = reader.nextName();
            if (field.equals("dtype") && kind == null) {
                kind = kind(name, string(reader));
            } else if (field.equals("shape") && shape == null) {
                shape = integers(reader);
            } else if (field.equals("data_offsets") && place == null) {
                place = integers(reader);
            } else {
                throw wrong(name, "has the field " + quoted(field) + " beside or twice among its three");
            }
        }
        reader.endObject();
        if (kind == null || shape == null || place == null) {
            throw wrong(name, "lacks one of dtype, shape and data_offsets");
        }
        return entry(name, kind, shape, place);
    }

    private Entry entry(String name, StoredTensor.Kind kind, long[] shape, long[] place) {
        if (place.length != 2 || place[0] < 0 || place[1] < place[0] || place[1] > fileBytes - dataStart) {
            throw wrong(name, "has the place " + Arrays.toString(place) + " in " + (fileBytes - dataStart) + " bytes");
        }
        long numbers = 1;
        long bits;
        try {
            for (long size : shape) {
                if (size < 0) {
                    throw wrong(name, "has the shape " + Arrays.toString(shape));
                }
                numbers = Math.multiplyExact(numbers, size);
            }
            bits = Math.multiplyExact(numbers, kind.bits);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    wrong(name, "has too many numbers: " + Arrays.toString(shape))
                            .getMessage(),
                    e);
        }
        long bytes = place[1] - place[0];
        if (bits % Byte.SIZE != 0 || bits / Byte.SIZE != bytes) {
            throw wrong(name, "of " + numbers + " numbers of the kind " + kind + " cannot take " + bytes + " bytes");
        }
        return new Entry(name, kind, shape, numbers, dataStart + place[0], bytes);
    }

    private StoredTensor.Kind kind(String name, String dtype) {
        return Arrays.stream(StoredTensor.Kind.values())
                .filter(kind -> kind.name().equals(dtype))
                .findFirst()
                .orElseThrow(() -> wrong(name, "is of the unknown kind " + quoted(dtype)));
    }

    private static String string(JsonReader reader) throws IOException {
        if (reader.peek() != JsonToken.STRING) {
            throw new MalformedJsonException("no string at " + reader.getPath());
        }
        return reader.nextString();
    }

    private static long[] integers(JsonReader reader) throws IOException {
        long[] integers = new long[MOST_DIMENSIONS];
        int count = 0;
        reader.beginArray();
        while (reader.hasNext()) {
            if (count == MOST_DIMENSIONS || !(StrictJson.scalar(reader) instanceof Long integer)) {
                throw new MalformedJsonException("no integer, or too many, at " + reader.getPath());
            }
            integers[count++] = integer;
        }
        reader.endArray();
        return Arrays.copyOf(integers, count);
    }

    /** {@code text} in quotes, cut where it is too long for a message. */
    static String quoted(String text) {
        return "\"" + (text.length() <= 200 ? text : text.substring(0, 200) + "...") + "\"";
    }

    private IllegalArgumentException wrong(String tensor, String why) {
        return refused(file, "tensor " + quoted(tensor) + " " + why);
    }

    private static IllegalArgumentException refused(String file, String why) {
        return UnreadableFile.refused(file, why, UnreadableFile.DOWNLOAD_AGAIN);
    }
}
