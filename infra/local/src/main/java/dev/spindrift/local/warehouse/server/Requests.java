package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What is read from a request: its body up to a limit, its query, its token. */
final class Requests {
    /** Bytes of a statement with its binds, unzipped. */
    static final int LARGEST_QUERY = 192 << 20;

    /** Bytes of any other request. */
    static final int LARGEST_OTHER = 4 << 20;

    private Requests() {}

    /** The request is larger than what this server takes. */
    static final class TooLargeException extends IOException {
        TooLargeException(int limit) {
            super("Cannot take the request: its body is over " + (limit >> 20) + " MiB.");
        }
    }

    static JsonNode body(HttpExchange exchange, int limit) throws IOException {
        byte[] bytes = bytes(exchange, limit);
        if (bytes.length == 0) {
            return Json.MAPPER.createObjectNode();
        }
        try {
            return Json.MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw ProtocolFailure.malformed("its body is not JSON");
        }
    }

    private static byte[] bytes(HttpExchange exchange, int limit) throws IOException {
        InputStream body = exchange.getRequestBody();
        String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        InputStream content =
                encoding != null && encoding.toLowerCase(Locale.ROOT).contains("gzip")
                        ? new GZIPInputStream(body, 1 << 16)
                        : body;
        byte[] bytes = content.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new TooLargeException(limit);
        }
        return bytes;
    }

    /** Reads what is left of a refused request, so that the client is done sending when it is told so. */
    static void discardRest(HttpExchange exchange) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream body = exchange.getRequestBody();
        long left = LARGEST_QUERY;
        for (int n = body.read(buffer); n >= 0 && left > 0; n = body.read(buffer)) {
            left -= n;
        }
    }

    static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new TreeMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int cut = pair.indexOf('=');
                if (cut > 0) {
                    query.put(
                            URLDecoder.decode(pair.substring(0, cut), StandardCharsets.UTF_8),
                            URLDecoder.decode(pair.substring(cut + 1), StandardCharsets.UTF_8));
                }
            }
        }
        return query;
    }

    /** The token in {@code Authorization: Snowflake Token="..."}. */
    static @Nullable String token(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        String start = "Snowflake Token=\"";
        if (header == null
                || !header.startsWith(start)
                || !header.endsWith("\"")
                || header.length() <= start.length()) {
            return null;
        }
        return header.substring(start.length(), header.length() - 1);
    }

    static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }
}
