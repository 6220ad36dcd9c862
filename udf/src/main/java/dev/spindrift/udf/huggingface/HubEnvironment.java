package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the environment says of a hub, by the variables that Hugging Face's own tools read.
 *
 * @param endpoint the hub's address ({@code HF_ENDPOINT}), without a slash at its end
 * @param token what to log in with ({@code HF_TOKEN}, else the file that {@code HF_TOKEN_PATH} names, else the one that
 *     a login with Hugging Face's tools left); empty for none
 * @param offline whether the network must not be used ({@code HF_HUB_OFFLINE})
 */
record HubEnvironment(URI endpoint, String token, boolean offline, EnvironmentProxies proxies) {
    private static final String PUBLIC_HUB = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");
    private static final Pattern HEADER_SAFE = Pattern.compile("[!-~]*");

    static HubEnvironment read(Map<String, String> environment) {
        return new HubEnvironment(
                endpoint(environment),
                token(environment),
                TRUE.contains(environment.getOrDefault("HF_HUB_OFFLINE", "").toLowerCase(Locale.ROOT)),
                EnvironmentProxies.read(environment));
    }

    /** Whether {@code uri} is of the hub itself, which alone may see the token. */
    boolean isHub(URI uri) {
        return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
                && endpoint.getRawAuthority().equalsIgnoreCase(uri.getRawAuthority());
    }

    private static URI endpoint(Map<String, String> environment) {
        String given = environment.getOrDefault("HF_ENDPOINT", "");
        String address = (given.isBlank() ? PUBLIC_HUB : given.strip()).replaceAll("/+$", "");
        if (!address.matches("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9./_-]*)?")) {
            throw new IllegalArgumentException("Cannot use HF_ENDPOINT: \"" + given
                    + "\" is not an address of a hub. Set it to one such as https://hub.example.org.");
        }
        return URI.create(address);
    }

    private static String token(Map<String, String> environment) {
        String given = environment.getOrDefault("HF_TOKEN", "").strip();
        if (!given.isEmpty()) {
            return checked(given, "HF_TOKEN");
        }
        Path file = tokenFile(environment);
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try {
            return checked(Files.readString(file).strip(), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read the hub's token in " + file + ": " + e + ". Make it readable, or set HF_TOKEN.", e);
        }
    }

    private static Path tokenFile(Map<String, String> environment) {
        if (environment.containsKey("HF_TOKEN_PATH")) {
            return Path.of(environment.get("HF_TOKEN_PATH"));
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        String caches = environment.getOrDefault("XDG_CACHE_HOME", home + "/.cache");
        return Path.of(environment.getOrDefault("HF_HOME", caches + "/huggingface"), "token");
    }

    private static String checked(String token, String source) {
        if (!HEADER_SAFE.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    "Cannot use " + source + ": it holds more than a token. Put nothing but the token there.");
        }
        return token;
    }

    @Override
    public String toString() {
        return endpoint + (token.isEmpty() ? ", without a token" : ", with a token") + (offline ? ", offline" : "");
    }
}
