package dev.spindrift.udf.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A TorchScript archive that a user brings, looked through before libtorch may load it.
 *
 * <p>Nothing is unpacked to disk and no pickle is run. What stays is the archive's own TorchScript, which libtorch
 * compiles and runs: as with any program, use only one whose origin you trust.
 */
public final class TorchScriptFile {
    /** Compressed are code and pickles alone; tensors are not. So this bounds what a small file can grow to. */
    private static final long MOST_UNPACKED = 64 << 20;

    /** Of a pickle, which is some kB without the tensors, and is walked in memory. */
    private static final int MOST_PICKLE = 16 << 20;

    /** Of the list of entries, which Java reads into memory whole: some hundred thousand of them. */
    private static final long MOST_DIRECTORY = 32 << 20;

    private static final Pattern PLAIN = Pattern.compile("[^\\\\\\p{Cntrl}]+");

    private static final int END_RECORD = 22;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int LOCATOR64_SIGNATURE = 0x07064b50;

    private final Path file;
    private final Map<String, ZipEntry> entries = new HashMap<>();
    private String root = "";

    private TorchScriptFile(Path file) {
        this.file = file;
    }

    /**
     * Looks through {@code file}.
     *
     * @throws IllegalArgumentException naming the file and what is wrong with it
     * @throws UncheckedIOException if it cannot be read
     */
    public static void check(Path file) {
        new TorchScriptFile(file).check();
    }

    private void check() {
        try {
            long bytes = Files.size(file);
            checkDirectorySize(bytes);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                checkEntries(zip, bytes);
                checkPickles(zip);
            }
        } catch (ZipException e) {
            throw refused("it is no whole ZIP (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read " + file + ": " + e + ". Check that it is there and may be read.", e);
        }
    }

    /** Reads from the file's end how long the list of entries is said to be. */
    private void checkDirectorySize(long fileBytes) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            // A comment of up to 64 kB may follow the record.
            int length = (int) Math.min(fileBytes, END_RECORD + 0xffff);
            ByteBuffer end = bytes(in, fileBytes - length, length);
            int at = length - END_RECORD;
            while (at >= 0 && end.getInt(at) != END_SIGNATURE) {
                at--;
            }
            if (at < 0) {
                throw new ZipException("it has no list of entries");
            }
            long directory = Integer.toUnsignedLong(end.getInt(at + 12));
            long locator = fileBytes - length + at - 20;
            if (locator >= 0 && bytes(in, locator, 4).getInt() == LOCATOR64_SIGNATURE) {
                long record = bytes(in, locator + 8, 8).getLong();
                if (record < 0 || record > locator - 56 || bytes(in, record, 4).getInt() != END64_SIGNATURE) {
                    throw new ZipException("the place of its list of entries is wrong");
                }
                directory = Math.max(
                        directory == 0xffffffffL ? 0 : directory,
                        bytes(in, record + 40, 8).getLong());
            }
            if (directory < 0 || directory > MOST_DIRECTORY) {
                throw refused("its list of entries takes " + Long.toUnsignedString(directory) + " bytes");
            }
        }
    }

    private static ByteBuffer bytes(RandomAccessFile in, long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.seek(from);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void checkEntries(ZipFile zip, long fileBytes) {
        long packed = 0;
        long unpacked = 0;
        for (ZipEntry entry : zip.stream().toList()) {
            String name = entry.getName();
            if (!isPath(name)) {
                throw refused("an entry is called " + quoted(name));
            }
            root = root.isEmpty() ? name.substring(0, name.indexOf('/') + 1) : root;
            if (!name.startsWith(root)) {
                throw refused("its entries are not all in the folder " + root);
            }
            if (entries.put(name.substring(root.length()), entry) != null) {
                throw refused("the entry " + quoted(name) + " is there twice");
            }
            packed += entry.getCompressedSize();
            if (entry.getMethod() != ZipEntry.STORED) {
                unpacked += entry.getSize();
            } else if (entry.getSize() != entry.getCompressedSize()) {
                throw refused("the entry " + quoted(name) + " has two sizes");
            }
            if (entry.getSize() < 0
                    || entry.getCompressedSize() < 0
                    || packed > fileBytes
                    || unpacked > MOST_UNPACKED) {
                throw refused("its entries would unpack to more than the file can hold");
            }
        }
        if (!entries.containsKey("data.pkl") || entries.keySet().stream().noneMatch(name -> name.startsWith("code/"))) {
            throw refused("it has no data.pkl or no code, as torch.jit.save writes them");
        }
    }

    /** Whether it is a folder and a path in it, which does not lead out. */
    private static boolean isPath(String name) {
        return name.indexOf('/') > 0
                && Arrays.stream(name.split("/", -1))
                        .allMatch(part -> PLAIN.matcher(part).matches() && !part.equals(".") && !part.equals(".."));
    }

    private void checkPickles(ZipFile zip) throws IOException {
        for (Map.Entry<String, ZipEntry> entry : entries.entrySet()) {
            String name = entry.getKey();
            if (!name.endsWith("pkl")) {
                continue;
            }
            if (entry.getValue().getSize() > MOST_PICKLE) {
                throw refused(name + " is larger than " + MOST_PICKLE + " bytes");
            }
            String folder = name.endsWith(".pkl") ? name.substring(0, name.length() - ".pkl".length()) + "/" : "";
            try (InputStream in = zip.getInputStream(entry.getValue())) {
                byte[] pickle = in.readNBytes(MOST_PICKLE);
                String wrong = PickleCheck.wrong(pickle, key -> stored(folder + key));
                if (!wrong.isEmpty()) {
                    throw refused("in " + name + ": " + wrong);
                }
            }
        }
    }

    /** The size of an entry that is not compressed. */
    private long stored(String name) {
        ZipEntry entry = entries.get(name);
        return entry == null || entry.getMethod() != ZipEntry.STORED ? -1 : entry.getSize();
    }

    private static String quoted(String text) {
        return "\"" + (text.length() > 200 ? text.substring(0, 200) + "..." : text) + "\"";
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("Cannot use " + file + " as a TorchScript archive: " + why
                + ". Write it with torch.jit.save, from a source that you trust.");
    }
}
