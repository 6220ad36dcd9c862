package dev.spindrift.udf.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A hub with one model and, at another port, the store of its large files, to which it redirects. */
final class LocalHub implements AutoCloseable {
    static final String MODEL = "owner/name";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** What goes wrong with an answer, in place of which the file is sent. */
    interface Fault {
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    /** A request that arrived. */
    record Request(
            boolean ofStore,
            String path,
            @Nullable String range,
            @Nullable String authorization) {}

    final Map<String, byte[]> files = new TreeMap<>();
    final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

    /** For the next requests of files, in order. */
    final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

    /** For the next requests of the API, in order. */
    final Queue<Fault> apiFaults = new ConcurrentLinkedQueue<>();

    /** Whether a list of files is given one by one. */
    boolean inPages;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub = server(false);
    private final HttpServer store = server(true);

    LocalHub() throws IOException {
        files.put("config.json", "{\"model_type\":\"bert\"}".getBytes(UTF_8));
        files.put("tokenizer.json", "{}".getBytes(UTF_8));
        files.put("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\":true}".getBytes(UTF_8));
        files.put("model.safetensors", large(3_000_000));
    }

    static byte[] large(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    String address() {
        return address(hub);
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    long requestsOf(String end) {
        return requests.stream().filter(request -> request.path().endsWith(end)).count();
    }

    private HttpServer server(boolean isStore) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().toString();
                requests.add(new Request(
                        isStore,
                        path,
                        exchange.getRequestHeaders().getFirst("Range"),
                        exchange.getRequestHeaders().getFirst("Authorization")));
                if (path.startsWith("/api/")) {
                    api(exchange, path);
                } else {
                    file(exchange, path, isStore);
                }
            }
        });
        server.start();
        return server;
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        Fault fault = apiFaults.poll();
        if (fault != null) {
            fault.answer(exchange, new byte[0]);
        } else if (path.equals("/api/models/" + MODEL + "/revision/main")) {
            send(exchange, 200, ("{\"id\":\"" + MODEL + "\",\"sha\":\"" + COMMIT + "\"}").getBytes(UTF_8));
        } else if (path.startsWith("/api/models/" + MODEL + "/tree/" + COMMIT)) {
            tree(exchange, path);
        } else {
            refuse(exchange, 404, path.startsWith("/api/models/" + MODEL) ? "RevisionNotFound" : "RepoNotFound");
        }
    }

    private void tree(HttpExchange exchange, String path) throws IOException {
        List<String> entries = files.entrySet().stream()
                .map(file -> entry(file.getKey(), file.getValue()))
                .toList();
        if (inPages) {
            int at = path.contains("cursor=") ? Integer.parseInt(path.replaceAll(".*cursor=", "")) : 0;
            if (at + 1 < entries.size()) {
                exchange.getResponseHeaders()
                        .add("Link", "<%s%s&cursor=%d>; rel=\"next\"".formatted(address(), path, at + 1));
            }
            entries = entries.subList(at, at + 1);
        }
        send(
                exchange,
                200,
                entries.stream().collect(Collectors.joining(",", "[", "]")).getBytes(UTF_8));
    }

    private static String entry(String path, byte[] content) {
        String start = "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,".formatted(path, content.length);
        return isLarge(path)
                ? start
                        + "\"oid\":\"of the pointer\",\"lfs\":{\"oid\":\"%s\",\"size\":%d,\"pointerSize\":132}}"
                                .formatted(hash("SHA-256", "", content), content.length)
                : start + "\"oid\":\"%s\"}".formatted(hash("SHA-1", "blob " + content.length + "\0", content));
    }

    private static boolean isLarge(String path) {
        return path.endsWith(".safetensors");
    }

    private void file(HttpExchange exchange, String path, boolean isStore) throws IOException {
        String name = path.replaceFirst(".*/resolve/[0-9a-f]+/", "");
        byte[] content = files.get(name);
        if (content == null) {
            refuse(exchange, 404, "EntryNotFound");
        } else if (isLarge(name) && !isStore) {
            exchange.getResponseHeaders().add("Location", address(store) + path);
            exchange.sendResponseHeaders(302, -1);
        } else {
            Fault fault = faults.poll();
            if (fault == null) {
                sendFile(exchange, content);
            } else {
                fault.answer(exchange, content);
            }
        }
    }

    /** Sends what the range asks for. */
    private static void sendFile(HttpExchange exchange, byte[] content) throws IOException {
        sendPart(exchange, content, content.length);
    }

    private static void sendPart(HttpExchange exchange, byte[] content, int until) throws IOException {
        int from = from(exchange);
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        OutputStream body = exchange.getResponseBody();
        body.write(content, from, Math.max(0, until - from));
        body.flush();
    }

    private static int from(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
    }

    static Fault breakAt(int bytes) {
        return (exchange, content) -> sendPart(exchange, content, bytes);
    }

    static Fault silentAfter(int bytes) {
        return (exchange, content) -> {
            sendPart(exchange, content, bytes);
            try {
                Thread.sleep(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    static Fault ignoringRange() {
        return (exchange, content) -> send(exchange, 200, content);
    }

    static Fault damaging() {
        return (exchange, content) -> {
            byte[] damaged = content.clone();
            damaged[damaged.length / 2] ^= 1;
            sendFile(exchange, damaged);
        };
    }

    static Fault status(int status, String... header) {
        return (exchange, content) -> {
            if (header.length > 0) {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        status(status, "X-Error-Code", code).answer(exchange, new byte[0]);
    }

    private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private static String hash(String algorithm, String start, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(start.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
