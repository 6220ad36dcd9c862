package dev.spindrift.local.warehouse.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rows of results that do not fit a reply, in files that the driver fetches by a name that cannot be guessed. They
 * go when their session ends, or some time after they were last fetched.
 */
final class ResultFiles {
    static final String ROOT = "/results/";
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final Pattern NAME = Pattern.compile(ROOT + "([0-9a-f]{40})/(\\d{1,9})");

    private final SecureRandom random = new SecureRandom();
    private final Path folder;
    private final Map<String, Spool> spools = new ConcurrentHashMap<>();

    ResultFiles(Path folder) throws IOException {
        delete(folder);
        this.folder = Files.createDirectories(folder);
    }

    /** The files of one result. */
    static final class Spool {
        private final String session;
        private final String name;
        private final Path folder;
        private volatile Instant lastUsed = Instant.now();

        private Spool(String session, String name, Path folder) {
            this.session = session;
            this.name = name;
            this.folder = folder;
        }

        Path file(int number) {
            return folder.resolve(Integer.toString(number));
        }

        /** Where a client fetches one of them, beneath the server's address. */
        String url(int number) {
            return ROOT + name + "/" + number;
        }
    }

    Spool create(String session) throws IOException {
        byte[] bytes = new byte[20];
        random.nextBytes(bytes);
        String name = HexFormat.of().formatHex(bytes);
        Spool spool = new Spool(session, name, Files.createDirectory(folder.resolve(name)));
        spools.put(name, spool);
        return spool;
    }

    void serve(HttpExchange exchange) throws IOException {
        Matcher name = NAME.matcher(exchange.getRequestURI().getPath());
        Spool spool = name.matches() ? spools.get(name.group(1)) : null;
        if (spool == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        spool.lastUsed = Instant.now();
        Path file = spool.file(Integer.parseInt(name.group(2)));
        if (!Files.isRegularFile(file)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.sendResponseHeaders(200, Files.size(file));
        Files.copy(file, exchange.getResponseBody());
    }

    void drop(Spool spool) {
        spools.remove(spool.name);
        try {
            delete(spool.folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void dropSession(String session) {
        spools.values().stream().filter(spool -> spool.session.equals(session)).forEach(this::drop);
    }

    void sweep() {
        Instant dead = Instant.now().minus(LIFETIME);
        spools.values().stream().filter(spool -> spool.lastUsed.isBefore(dead)).forEach(this::drop);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // Someone else deletes it, too.
            return;
        }
    }
}
