package dev.spindrift.local.warehouse.stage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A file name that stands for any text: bytes other than letters, digits and {@code . _ = -} become {@code %XX}, as
 * does a leading dot. So no name is empty, hidden, {@code ..}, or holds a separator, and each decodes to its text.
 */
final class SafeName {
    /** Ends the name of a folder, so that a file {@code a} and a file {@code a/b} can both be. */
    static final char FOLDER = '~';

    /** Ends the name of the file beside a file that keeps its digest. Not a folder's name: those end in the mark. */
    static final String NOTE = "~note";

    /** A file system's limit on one name, less room for the ends above. */
    private static final int LONGEST = 240;

    private static final String EMPTY = "%";

    private SafeName() {}

    static String encode(String text) throws IOException {
        if (text.isEmpty()) {
            return EMPTY;
        }
        StringBuilder name = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (plain(c) && !(c == '.' && name.isEmpty())) {
                name.append(c);
            } else {
                name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        if (name.length() > LONGEST) {
            throw new IOException("Cannot keep a staged file whose name takes " + name.length()
                    + " bytes: a file system's limit is " + LONGEST + ". Use shorter names between the slashes.");
        }
        return name.toString();
    }

    static String decode(String name) {
        if (name.equals(EMPTY)) {
            return "";
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '%') {
                bytes.write(HexFormat.fromHexDigits(name, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean plain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '='
                || c == '-';
    }
}
