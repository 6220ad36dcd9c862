package dev.spindrift.udf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name that content gives itself: SHA-256 over its parts, cut to 128 bits, as 32 lower-case hex digits.
 *
 * <p>Each part is preceded by its length in bytes, so that {@code of("ab", "c")} and {@code of("a", "bc")} differ.
 */
public final class Fingerprint {
    private static final int BYTES = 16;

    private Fingerprint() {}

    /** The fingerprint of {@code parts} in this order, each as UTF-8. */
    public static String of(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            update(digest, part.getBytes(StandardCharsets.UTF_8));
        }
        return hex(digest);
    }

    /** The fingerprint of {@code parts} in this order; the same as of the texts whose UTF-8 they are. */
    public static String of(byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            update(digest, part);
        }
        return hex(digest);
    }

    /** The fingerprint of all that {@code in} still gives, whose length does not take part. */
    public static String of(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] piece = new byte[1 << 16];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            digest.update(piece, 0, read);
        }
        return hex(digest);
    }

    private static void update(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: this Java lacks SHA-256, which every Java has to have.", e);
        }
    }
}
