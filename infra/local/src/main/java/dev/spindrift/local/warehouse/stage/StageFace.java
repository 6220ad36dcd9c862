package dev.spindrift.local.warehouse.stage;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stages as an S3 bucket, for the S3 client inside the drivers: path-style list, put, get, head, delete and multipart
 * upload. A request must show a {@link StageGrants grant} that covers its file; signatures are not checked, since the
 * token alone cannot be guessed.
 */
public final class StageFace implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StageFace.class);
    private static final String BUCKET = "stages";
    private static final String META = "x-amz-meta-";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final FolderStages stages;
    private final StageGrants grants;
    private final Uploads uploads;

    public StageFace(FolderStages stages, StageGrants grants) {
        this.stages = stages;
        this.grants = grants;
        this.uploads = new Uploads(stages);
    }

    /** Where the HTTP server mounts this. */
    public static String root() {
        return "/" + BUCKET;
    }

    /** What a driver is told of a place on a stage: the bucket and the key's beginning. */
    public static String location(String stage, String path) throws IOException {
        return BUCKET + "/" + SafeName.encode(stage) + "/" + path;
    }

    /** Forgets grants that have run out and uploads left lying. */
    public void sweep() throws IOException {
        grants.sweep();
        uploads.sweep(Instant.now().minusSeconds(3600));
    }

    /** What a request is about. */
    private record Target(StageGrants.Grant grant, String stage, String path, Map<String, String> query) {}

    @Override
    public void handle(HttpExchange exchange) {
        try (exchange) {
            try {
                route(exchange);
            } catch (S3Failure e) {
                drain(exchange);
                sendXml(exchange, e.status(), e.xml());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cannot serve {} {}: {}", exchange.getRequestMethod(), exchange.getRequestURI(), e.toString());
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        StageGrants.Grant grant = grant(exchange);
        String raw = exchange.getRequestURI().getRawPath();
        String key = raw.length() <= root().length() + 1 ? "" : percentDecode(raw.substring(root().length() + 1));
        String method = exchange.getRequestMethod();
        if (key.isEmpty()) {
            if (!method.equals("GET")) {
                throw S3Failure.refused();
            }
            list(exchange, grant, query);
            return;
        }
        Target target = target(grant, key, query);
        boolean multipart = query.containsKey("uploads") || query.containsKey("uploadId");
        switch (method) {
            case "GET" -> get(exchange, target, true);
            case "HEAD" -> get(exchange, target, false);
            case "PUT" -> {
                requireWritable(grant);
                put(exchange, target, multipart);
            }
            case "POST" -> {
                requireWritable(grant);
                post(exchange, target);
            }
            case "DELETE" -> {
                requireWritable(grant);
                delete(exchange, target, multipart);
            }
            default -> throw S3Failure.refused();
        }
    }

    private Target target(StageGrants.Grant grant, String key, Map<String, String> query) {
        int cut = key.indexOf('/');
        if (cut < 0 || cut == key.length() - 1) {
            throw S3Failure.refused();
        }
        String stage = stageOf(key.substring(0, cut));
        String path = key.substring(cut + 1);
        if (!grant.covers(stage, path)) {
            throw S3Failure.refused();
        }
        try {
            stages.find(stage, path);
        } catch (IOException e) {
            throw new S3Failure(400, "KeyTooLongError", String.valueOf(e.getMessage()));
        }
        return new Target(grant, stage, path, query);
    }

    private static String stageOf(String name) {
        try {
            return SafeName.decode(name);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw S3Failure.refused();
        }
    }

    private StageGrants.Grant grant(HttpExchange exchange) {
        String token = exchange.getRequestHeaders().getFirst("x-amz-security-token");
        Optional<StageGrants.Grant> grant = token == null ? Optional.empty() : grants.find(token);
        return grant.orElseThrow(S3Failure::expired);
    }

    private static void requireWritable(StageGrants.Grant grant) {
        if (!grant.writable()) {
            throw S3Failure.refused();
        }
    }

    private void list(HttpExchange exchange, StageGrants.Grant grant, Map<String, String> query) throws IOException {
        String prefix = query.getOrDefault("prefix", "");
        int cut = prefix.indexOf('/');
        String stage = stageOf(cut < 0 ? prefix : prefix.substring(0, cut));
        String path = cut < 0 ? "" : prefix.substring(cut + 1);
        if (!grant.covers(stage, path)) {
            throw S3Failure.refused();
        }
        StringBuilder xml = new StringBuilder("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">")
                .append(Xml.element("Name", BUCKET))
                .append(Xml.element("Prefix", prefix));
        String after = query.getOrDefault("marker", "");
        int most = 1000;
        int count = 0;
        boolean more = false;
        for (StageStore.StagedFile file : stages.list(stage, path)) {
            String key = SafeName.encode(stage) + "/" + file.path();
            if (key.compareTo(after) <= 0) {
                continue;
            }
            if (count == most) {
                more = true;
                break;
            }
            count++;
            xml.append("<Contents>")
                    .append(Xml.element("Key", key))
                    .append(Xml.element(
                            "LastModified",
                            file.modified().truncatedTo(ChronoUnit.MILLIS).toString()))
                    .append(Xml.element("ETag", quoted(file.md5())))
                    .append(Xml.element("Size", Long.toString(file.size())))
                    .append("</Contents>");
        }
        xml.append(Xml.element("IsTruncated", Boolean.toString(more))).append("</ListBucketResult>");
        sendXml(exchange, 200, xml.toString());
    }

    private void put(HttpExchange exchange, Target target, boolean multipart) throws IOException {
        FolderStages.Arrival arrival = receive(exchange);
        if (multipart) {
            uploads.part(target.query(), target.stage(), target.path(), arrival);
        } else {
            stages.publish(target.stage(), target.path(), arrival, metadata(exchange.getRequestHeaders()));
        }
        exchange.getResponseHeaders().set("ETag", quoted(arrival.md5()));
        exchange.sendResponseHeaders(200, -1);
    }

    /** Reads a body into a file and checks it against the length and the digests that came with it. */
    private FolderStages.Arrival receive(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String decoded = headers.getFirst("x-amz-decoded-content-length");
        InputStream body = exchange.getRequestBody();
        AwsChunkedStream chunks = decoded == null ? null : new AwsChunkedStream(body);
        CheckedInputStream content = new CheckedInputStream(chunks == null ? body : chunks, new CRC32());
        FolderStages.Arrival arrival = stages.receive(content);
        String expected = decoded == null ? headers.getFirst("Content-Length") : decoded;
        if (expected != null && arrival.size() != Long.parseLong(expected)) {
            stages.discard(arrival);
            throw new S3Failure(400, "IncompleteBody", "The body has " + arrival.size() + " bytes of " + expected);
        }
        String crc = chunks == null
                ? headers.getFirst("x-amz-checksum-crc32")
                : chunks.trailers().getOrDefault("x-amz-checksum-crc32", headers.getFirst("x-amz-checksum-crc32"));
        String md5 = headers.getFirst("Content-MD5");
        if ((crc != null && !crc.equals(Digests.crc32(content.getChecksum().getValue())))
                || (md5 != null && !md5.equals(Digests.base64(arrival.md5())))) {
            stages.discard(arrival);
            throw new S3Failure(400, "BadDigest", "The body does not match the digest that came with it");
        }
        return arrival;
    }

    private void post(HttpExchange exchange, Target target) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(4 << 20);
        if (target.query().containsKey("uploads")) {
            String id = uploads.begin(target.stage(), target.path(), metadata(exchange.getRequestHeaders()));
            sendXml(
                    exchange,
                    200,
                    "<InitiateMultipartUploadResult>" + Xml.element("Bucket", BUCKET) + Xml.element("UploadId", id)
                            + "</InitiateMultipartUploadResult>");
            return;
        }
        String id = target.query().get("uploadId");
        if (id == null) {
            throw S3Failure.refused();
        }
        String md5 = uploads.complete(id, target.stage(), target.path(), Xml.parts(body));
        sendXml(
                exchange,
                200,
                "<CompleteMultipartUploadResult>" + Xml.element("Bucket", BUCKET) + Xml.element("ETag", quoted(md5))
                        + "</CompleteMultipartUploadResult>");
    }

    private void delete(HttpExchange exchange, Target target, boolean multipart) throws IOException {
        if (multipart) {
            uploads.abort(target.query().getOrDefault("uploadId", ""), target.stage(), target.path());
        } else {
            stages.remove(target.stage(), target.path());
        }
        exchange.sendResponseHeaders(204, -1);
    }

    private void get(HttpExchange exchange, Target target, boolean withBody) throws IOException {
        Path file = stages.find(target.stage(), target.path()).orElseThrow(S3Failure::missing);
        FolderStages.Note note;
        try (FileChannel channel = FileChannel.open(file)) {
            note = stages.note(file);
            long size = channel.size();
            ByteRange range = ByteRange.parse(exchange.getRequestHeaders().getFirst("Range"), size);
            Headers headers = exchange.getResponseHeaders();
            headers.set("ETag", quoted(note.md5()));
            headers.set("Accept-Ranges", "bytes");
            headers.set("Content-Type", "application/octet-stream");
            headers.set(
                    "Last-Modified",
                    HTTP_DATE.format(Files.getLastModifiedTime(file).toInstant()));
            note.metadata().forEach((name, value) -> headers.set(META + name, value));
            boolean part = range.length() != size || target.query().containsKey("partNumber");
            if (part && size > 0) {
                headers.set("Content-Range", range.header(size));
            }
            int status = part && size > 0 ? 206 : 200;
            if (!withBody) {
                headers.set("Content-Length", Long.toString(range.length()));
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.sendResponseHeaders(status, range.length() == 0 ? -1 : range.length());
            channel.position(range.from());
            try (OutputStream out = exchange.getResponseBody()) {
                copy(Channels.newInputStream(channel), out, range.length());
            }
        } catch (NoSuchFileException e) {
            throw S3Failure.missing();
        }
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = length;
        while (left > 0) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException("Cannot send a staged file: it ended " + left + " bytes early.");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    private static Map<String, String> metadata(Headers headers) {
        Map<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(META)) {
                metadata.put(name.substring(META.length()), header.getValue().get(0));
            }
        }
        return metadata;
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new TreeMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int cut = pair.indexOf('=');
                String name = cut < 0 ? pair : pair.substring(0, cut);
                String value = cut < 0 ? "" : pair.substring(cut + 1);
                query.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static String percentDecode(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String quoted(String md5) {
        return '"' + md5 + '"';
    }

    /** Reads what is left of a refused body, up to a point, so that the client hears the refusal. */
    private static void drain(HttpExchange exchange) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream body = exchange.getRequestBody();
        for (int i = 0; i < 1024 && body.read(buffer) >= 0; i++) {
            // Nothing is kept.
        }
    }

    private static void sendXml(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] bytes = FolderStages.utf8("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
