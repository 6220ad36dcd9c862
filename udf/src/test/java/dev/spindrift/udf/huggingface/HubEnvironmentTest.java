package dev.spindrift.udf.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HubEnvironmentTest {
    @TempDir
    Path home;

    @Test
    void isThePublicHubWithoutATokenIfNothingIsSaid() {
        HubEnvironment environment = read(Map.of());
        assertThat(environment.endpoint().getScheme()).isEqualTo("https");
        assertThat(environment.token()).isEmpty();
        assertThat(environment.offline()).isFalse();
        assertThat(proxy(environment, "https://example.org/")).isEqualTo(Proxy.NO_PROXY);
    }

    @Test
    void findsTheTokenWhereTheHubsToolsDo() throws IOException {
        write(".cache/huggingface/token", "of-home\n");
        write("xdg/huggingface/token", "of-xdg");
        write("hf/token", "of-hf-home");
        write("elsewhere", "of-path");
        Map<String, String> variables = new HashMap<>();
        assertThat(read(variables).token()).isEqualTo("of-home");
        variables.put("XDG_CACHE_HOME", home.resolve("xdg").toString());
        assertThat(read(variables).token()).isEqualTo("of-xdg");
        variables.put("HF_HOME", home.resolve("hf").toString());
        assertThat(read(variables).token()).isEqualTo("of-hf-home");
        variables.put("HF_TOKEN_PATH", home.resolve("elsewhere").toString());
        assertThat(read(variables).token()).isEqualTo("of-path");
        variables.put("HF_TOKEN", "given");
        assertThat(read(variables).token()).isEqualTo("given");
    }

    @Test
    void neverShowsTheToken() {
        assertThat(read(Map.of("HF_TOKEN", "hf_secret")).toString()).doesNotContain("secret");
        assertThatThrownBy(() -> read(Map.of("HF_TOKEN", "hf_secret\nX: y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_TOKEN")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hub.example.org", "ftp://x", "https://", "https://a b", "https://user:pw@host"})
    void refusesWhatIsNoAddressOfAHub(String address) {
        assertThatThrownBy(() -> read(Map.of("HF_ENDPOINT", address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void takesTheProxyOfTheAddressesKind() {
        HubEnvironment environment =
                read(Map.of("HTTPS_PROXY", "http://secure:3128/", "http_proxy", "plain:80", "NO_PROXY", ""));
        assertThat(proxy(environment, "https://example.org/").address())
                .isEqualTo(InetSocketAddress.createUnresolved("secure", 3128));
        assertThat(proxy(environment, "http://example.org/").address())
                .isEqualTo(InetSocketAddress.createUnresolved("plain", 80));
    }

    @Test
    void exceptsWhatNoProxyNames() {
        HubEnvironment environment =
                read(Map.of("HTTPS_PROXY", "proxy:3128", "no_proxy", "hub.local, .corp.example, example.org:8443"));
        assertThat(List.of(
                        "https://hub.local/",
                        "https://a.corp.example/",
                        "https://corp.example/x",
                        "https://example.org:8443/"))
                .allMatch(address -> proxy(environment, address).equals(Proxy.NO_PROXY));
        assertThat(List.of("https://nothub.local2/", "https://notcorp.example/", "https://example.org/"))
                .noneMatch(address -> proxy(environment, address).equals(Proxy.NO_PROXY));
        assertThat(proxy(read(Map.of("HTTPS_PROXY", "proxy:3128", "NO_PROXY", "*")), "https://example.org/"))
                .isEqualTo(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"socks5://me:word@p:1080", "word", "http://me:word@p", "p:99999word", "https://me:word@p:1"})
    void refusesWhatIsNoHttpProxyWithoutShowingIt(String address) {
        assertThatThrownBy(() -> read(Map.of("HTTPS_PROXY", address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot use HTTPS_PROXY")
                .hasMessageNotContaining("word");
    }

    @Test
    void asksThroughAProxyAndLogsInToIt() throws IOException {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            try (exchange) {
                String login = exchange.getRequestHeaders().getFirst("Proxy-Authorization");
                asked.add(exchange.getRequestURI() + " " + login);
                exchange.getResponseHeaders().add("Proxy-Authenticate", "Basic realm=\"proxy\"");
                exchange.sendResponseHeaders(login == null ? 407 : 200, -1);
            }
        });
        proxy.start();
        try {
            HubEnvironment environment = read(Map.of(
                    "HF_ENDPOINT",
                    "http://hub.invalid",
                    "HTTP_PROXY",
                    "http://me:p%40ss@127.0.0.1:" + proxy.getAddress().getPort()));
            new HubHttp(environment).get("/api", 0).body().close();
        } finally {
            proxy.stop(0);
        }
        assertThat(asked)
                .last()
                .isEqualTo("http://hub.invalid/api Basic "
                        + Base64.getEncoder().encodeToString("me:p@ss".getBytes(UTF_8)));
    }

    private HubEnvironment read(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("HOME", home.toString());
        return HubEnvironment.read(all);
    }

    private static Proxy proxy(HubEnvironment environment, String address) {
        return environment.proxies().select(URI.create(address)).get(0);
    }

    private void write(String name, String content) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
