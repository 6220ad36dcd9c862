package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that {@code HTTPS_PROXY} and {@code HTTP_PROXY} name for addresses that {@code NO_PROXY} does not except,
 * each in upper or lower case. Java itself knows them only as properties.
 */
final class EnvironmentProxies extends ProxySelector {
    /** {@code http://user:password@host:port}, of which host and port are needed. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:http://)?(?:([^:@/]+)(?::([^@/]*))?@)?([A-Za-z0-9._-]+):([0-9]{1,5})/?");

    /** A proxy and the login it asks for, if any. */
    private record Server(Proxy proxy, @Nullable PasswordAuthentication login) {}

    private final Map<String, Server> byScheme;
    private final List<String> exceptions;

    private EnvironmentProxies(Map<String, Server> byScheme, List<String> exceptions) {
        this.byScheme = byScheme;
        this.exceptions = exceptions;
    }

    static EnvironmentProxies read(Map<String, String> environment) {
        Server direct = new Server(Proxy.NO_PROXY, null);
        return new EnvironmentProxies(
                Map.of(
                        "https", server(environment, "HTTPS_PROXY", direct),
                        "http", server(environment, "HTTP_PROXY", direct)),
                Stream.of(either(environment, "NO_PROXY").split("[,\\s]+"))
                        .map(exception -> exception.toLowerCase(Locale.ROOT))
                        .filter(exception -> !exception.isEmpty())
                        .toList());
    }

    private static Server server(Map<String, String> environment, String variable, Server otherwise) {
        String address = either(environment, variable);
        if (address.isEmpty()) {
            return otherwise;
        }
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches() || Integer.parseInt(matcher.group(4)) > 0xffff) {
            throw new IllegalArgumentException("Cannot use " + variable
                    + ": it is not the address of an HTTP proxy. Set it to one such as http://proxy.example.org:3128.");
        }
        String user = matcher.group(1);
        String password = matcher.group(2) == null ? "" : matcher.group(2);
        return new Server(
                new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(matcher.group(3), Integer.parseInt(matcher.group(4)))),
                user == null
                        ? null
                        : new PasswordAuthentication(
                                decoded(user), decoded(password).toCharArray()));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String either(Map<String, String> environment, String variable) {
        String lower = environment.getOrDefault(variable.toLowerCase(Locale.ROOT), "");
        return (lower.isBlank() ? environment.getOrDefault(variable, "") : lower).strip();
    }

    @Override
    public List<Proxy> select(URI uri) {
        Server server = byScheme.get(uri.getScheme());
        return List.of(server == null || isExcepted(uri) ? Proxy.NO_PROXY : server.proxy());
    }

    private boolean isExcepted(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return exceptions.stream().anyMatch(exception -> {
            String name = exception.startsWith(".") ? exception.substring(1) : exception;
            return name.equals("*")
                    || host.equals(name)
                    || host.endsWith("." + name)
                    || (host + ":" + uri.getPort()).equals(name);
        });
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request itself fails as well, and says so.
    }

    /** Whether one of the proxies asks for a login. */
    boolean hasLogin() {
        return byScheme.values().stream().anyMatch(server -> server.login() != null);
    }

    /** Logs in to these proxies and nowhere else. */
    Authenticator authenticator() {
        return new Authenticator() {
            @Override
            protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() == RequestorType.PROXY
                        ? login(getRequestingHost(), getRequestingPort())
                        : null;
            }
        };
    }

    private @Nullable PasswordAuthentication login(String host, int port) {
        SocketAddress asking = InetSocketAddress.createUnresolved(host, port);
        for (Server server : byScheme.values()) {
            if (asking.equals(server.proxy().address())) {
                return server.login();
            }
        }
        return null;
    }
}
