package dev.spindrift.pipeline.sink;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A rejected record's bytes as text: themselves if they are UTF-8, else base64.
 *
 * @param encoding {@code utf-8} or {@code base64}; null if there is no payload
 */
record PayloadText(@Nullable String text, @Nullable String encoding) {

    /**
     * @param wholeBytes size of the whole record, of which {@code payload} may be the beginning
     */
    static PayloadText of(byte @Nullable [] payload, long wholeBytes) {
        if (payload == null) {
            return new PayloadText(null, null);
        }
        String text = decoded(payload, wholeBytes > payload.length);
        return text != null
                ? new PayloadText(text, "utf-8")
                : new PayloadText(Base64.getEncoder().encodeToString(payload), "base64");
    }

    /** Null if the bytes are not UTF-8. A character that the cut parted is left out. */
    private static @Nullable String decoded(byte[] payload, boolean cut) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer out = CharBuffer.allocate(payload.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(payload), out, !cut);
        return result.isError() ? null : out.flip().toString();
    }
}
