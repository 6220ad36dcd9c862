package dev.spindrift.local.warehouse.stage;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;

/** Digests as S3's headers write them. */
final class Digests {
    private Digests() {}

    static String crc32(long value) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt((int) value).array());
    }

    static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
