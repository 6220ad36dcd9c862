package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * The way of one file from a hub to a folder: written to a draft beside it, taken up where it broke off (in this process
 * or an earlier one), compared with the hub's size and hash, and only then given its name.
 */
final class FileDownload {
    private static final int PIECE = 1 << 18;

    /** Bytes that count as progress, so that a connection that breaks again and again may go on, but not by single bytes. */
    private static final long PROGRESS = 1 << 20;

    private final HubHttp http;
    private final String url;
    private final HubFile file;
    private final Path target;
    private final Path draft;
    private final Duration longestSilence;
    private final LongConsumer progress;

    /**
     * Prepares one.
     *
     * @param url what follows the hub's address
     * @param folder where the file's path begins
     * @param longestSilence after how long without a byte a connection counts as broken
     * @param progress told how many of the file's bytes are there
     */
    FileDownload(HubHttp http, String url, HubFile file, Path folder, Duration longestSilence, LongConsumer progress) {
        this.http = http;
        this.url = url;
        this.file = file;
        this.target = folder.resolve(file.path());
        this.draft = folder.resolve(file.path() + ".draft");
        this.longestSilence = longestSilence;
        this.progress = progress;
    }

    /**
     * Brings the file, unless it is there.
     *
     * @throws IOException if the hub gives no whole file, however often it is asked
     * @throws UncheckedIOException if the file cannot be written
     */
    void run(Patience patience) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        Files.createDirectories(target.getParent());
        long reported = 0;
        while (true) {
            try {
                if (!Files.exists(draft) || size() < file.bytes()) {
                    receive();
                }
                verify();
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (IOException e) {
                if (size() - reported >= PROGRESS) {
                    reported = size();
                    patience.afterProgress();
                }
                patience.afterFailure(e);
            }
        }
    }

    private long size() throws IOException {
        return Files.exists(draft) ? Files.size(draft) : 0;
    }

    private void receive() throws IOException {
        long from = size();
        HttpResponse<InputStream> answer = http.get(url, from);
        try (InputStream body = answer.body()) {
            if (answer.statusCode() == 416 || (answer.statusCode() == 206 && !continuesAt(from, answer))) {
                Files.deleteIfExists(draft);
                throw new IOException("the hub does not continue " + file.path() + " at byte " + from);
            }
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    SilenceGuard guard = new SilenceGuard(body, longestSilence)) {
                // A server that knows no ranges begins again.
                long at = answer.statusCode() == 206 ? from : 0;
                out.truncate(at);
                copy(body, out.position(at), guard);
            }
        }
    }

    private static boolean continuesAt(long from, HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + from + "-");
    }

    private void copy(InputStream body, FileChannel out, SilenceGuard guard) throws IOException {
        byte[] piece = new byte[PIECE];
        for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
            guard.heard();
            if (out.position() + read > file.bytes()) {
                throw new IOException(file.path() + " is longer than the hub says");
            }
            write(out, ByteBuffer.wrap(piece, 0, read));
            progress.accept(out.position());
        }
        if (out.position() < file.bytes()) {
            throw new IOException("the connection broke off at byte " + out.position() + " of " + file.path());
        }
    }

    /** Another try would not help here, unlike with the network. */
    private void write(FileChannel out, ByteBuffer piece) {
        try {
            while (piece.hasRemaining()) {
                out.write(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot write " + draft + ": " + e + ". Free space there or use another cache folder; what is there"
                            + " already will not be downloaded again.",
                    e);
        }
    }

    private void verify() throws IOException {
        MessageDigest digest = file.digest();
        try (InputStream in = Files.newInputStream(draft)) {
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
            }
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        if (!hash.equals(file.hash())) {
            Files.delete(draft);
            throw new IOException("the checksum of " + file.path() + " is " + hash + ", and should be " + file.hash());
        }
    }
}
