package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/**
 * GET requests to a hub. It follows redirects itself: the token goes to the hub alone, never to a store that the hub
 * sends us to.
 */
final class HubHttp {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    /** An answer that another try may change. */
    static final class PassingException extends IOException {
        final Duration wait;

        /**
         * Creates one.
         *
         * @param wait how long the server asked to wait; zero if it did not say
         */
        PassingException(String message, Duration wait) {
            super(message);
            this.wait = wait;
        }
    }

    private final HubEnvironment environment;
    private final HttpClient client;

    HubHttp(HubEnvironment environment) {
        this.environment = environment;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .proxy(environment.proxies());
        if (environment.proxies().hasLogin()) {
            // Java logs in to a proxy of https addresses only if this is set, when its client is first used.
            System.getProperties().putIfAbsent("jdk.http.auth.tunneling.disabledSchemes", "");
            builder.authenticator(environment.proxies().authenticator());
        }
        this.client = builder.build();
    }

    /**
     * Asks once.
     *
     * @param path what follows the hub's address
     * @param from the first byte wanted
     * @return an answer with the status 200, 206 or 416; the caller closes its body
     * @throws HubAnswerException if the hub refuses
     * @throws IOException if another try may succeed
     */
    HttpResponse<InputStream> get(String path, long from) throws IOException {
        return get(URI.create(environment.endpoint() + path), from);
    }

    /** As {@link #get(String, long)}, of an address that the hub gave. */
    HttpResponse<InputStream> get(URI address, long from) throws IOException {
        URI uri = address;
        for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> answer = send(uri, from);
            int status = answer.statusCode();
            if (status == 200 || status == 206 || status == 416) {
                return answer;
            }
            answer.body().close();
            if (REDIRECTS.contains(status)) {
                uri = target(uri, answer);
            } else if (PASSING.contains(status)) {
                throw new PassingException("the hub answered " + status, wait(answer));
            } else {
                throw new HubAnswerException(
                        status, answer.headers().firstValue("X-Error-Code").orElse(""), environment.isHub(uri));
            }
        }
        throw new IOException("the hub redirects in a circle, at last to " + uri.getHost());
    }

    private HttpResponse<InputStream> send(URI uri, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(ANSWER);
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (!environment.token().isEmpty() && environment.isHub(uri)) {
            request.header("Authorization", "Bearer " + environment.token());
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            // Java's own messages leave out to whom.
            throw new IOException("no connection to " + uri.getRawAuthority(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    static InterruptedIOException interrupted(InterruptedException cause) {
        InterruptedIOException interrupted = new InterruptedIOException("the download was interrupted");
        interrupted.initCause(cause);
        return interrupted;
    }

    private static URI target(URI from, HttpResponse<?> answer) throws IOException {
        String location = answer.headers().firstValue("Location").orElse("");
        try {
            URI target = from.resolve(location);
            boolean safe = "https".equals(target.getScheme())
                    || ("http".equals(target.getScheme()) && "http".equals(from.getScheme()));
            if (target.getHost() != null && safe) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the hub redirects to what is no address", e);
        }
        throw new IOException("the hub redirects to an address that is not https");
    }

    /** What Retry-After says in seconds; its form with a date is rare, and our own waiting does as well. */
    private static Duration wait(HttpResponse<?> answer) {
        String seconds = answer.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(seconds)) : Duration.ZERO;
    }
}
