package dev.spindrift.local.warehouse.stage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of a body in the {@code aws-chunked} encoding: {@code hex-size[;signature]}, the bytes, and so on until
 * a chunk of none, after which trailers such as {@code x-amz-checksum-crc32} follow.
 */
final class AwsChunkedStream extends InputStream {
    private static final int LONGEST_LINE = 8192;

    private final InputStream body;
    private final Map<String, String> trailers = new TreeMap<>();
    private long left;
    private boolean first = true;
    private boolean ended;

    AwsChunkedStream(InputStream body) {
        this.body = body;
    }

    /** What followed the last chunk, by lower-case name; whole once the stream has ended. */
    Map<String, String> trailers() {
        return Map.copyOf(trailers);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int n = body.read(buffer, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw new IOException("Cannot read an upload: it ended inside a chunk.");
        }
        left -= n;
        return n;
    }

    private void nextChunk() throws IOException {
        if (!first) {
            line(); // The end of the line that the bytes of the chunk before stand on.
        }
        first = false;
        String header = requireLine();
        int cut = header.indexOf(';');
        try {
            left = Long.parseLong((cut < 0 ? header : header.substring(0, cut)).strip(), 16);
        } catch (NumberFormatException e) {
            throw new IOException("Cannot read an upload: '" + header + "' is not the head of a chunk.", e);
        }
        if (left < 0) {
            throw new IOException("Cannot read an upload: a chunk has a size below 0.");
        }
        if (left == 0) {
            ended = true;
            readTrailers();
        }
    }

    private void readTrailers() throws IOException {
        for (String line = line(); line != null && !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                trailers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
    }

    private String requireLine() throws IOException {
        String line = line();
        if (line == null) {
            throw new IOException("Cannot read an upload: it ended before its last chunk.");
        }
        return line;
    }

    /** The next line without its end; null if the body has ended. */
    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = body.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            if (line.size() == LONGEST_LINE) {
                throw new IOException("Cannot read an upload: a line between its chunks is too long.");
            }
            line.write(b);
            b = body.read();
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
