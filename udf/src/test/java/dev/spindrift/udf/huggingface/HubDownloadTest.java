package dev.spindrift.udf.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HubDownloadTest {
    private static final HubDownload.Progress IGNORED = (file, done, total) -> {};

    @TempDir
    Path cache;

    private final LocalHub hub = open();
    private final List<Duration> pauses = new ArrayList<>();
    private Map<String, String> environment = Map.of();

    private static LocalHub open() {
        try {
            return new LocalHub();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void pointToHub() {
        environment = new HashMap<>(Map.of("HF_ENDPOINT", hub.address() + "/", "HOME", cache.toString()));
    }

    @AfterEach
    void closeHub() {
        hub.close();
    }

    @Test
    void bringsWhatIsReadOfAModelAndNothingElse() throws IOException {
        for (String unread : List.of("pytorch_model.bin", "onnx/model.onnx", "modeling_own.py", "README.md")) {
            hub.files.put(unread, "x".getBytes(UTF_8));
        }
        Path directory = get();
        assertThat(directory).isEqualTo(cache.resolve("hub/owner--name").resolve(LocalHub.COMMIT));
        assertThat(contents(directory))
                .containsOnlyKeys("config.json", "tokenizer.json", "1_Pooling/config.json", "model.safetensors");
        contents(directory).forEach((name, content) -> assertThat(content).isEqualTo(hub.files.get(name)));
    }

    @Test
    void asksTheNetworkOnce() {
        get();
        int requests = hub.requests.size();
        assertThat(get()).isEqualTo(download().get(LocalHub.MODEL, LocalHub.COMMIT, IGNORED));
        assertThat(download().resolve(LocalHub.MODEL, "main")).isEqualTo(LocalHub.COMMIT);
        assertThat(hub.requests).hasSize(requests);
    }

    @Test
    void needsNoNetworkForWhatIsThere() {
        get();
        hub.close();
        environment.put("HF_HUB_OFFLINE", "1");
        assertThat(get()).isDirectory();
        assertThat(download().get(LocalHub.MODEL, LocalHub.COMMIT, IGNORED)).isDirectory();
    }

    @Test
    void bringsWeightsInShards() throws IOException {
        byte[] shard = LocalHub.large(1000);
        hub.files.remove("model.safetensors");
        hub.files.put("model.safetensors.index.json", "{}".getBytes(UTF_8));
        hub.files.put("model-00001-of-00001.safetensors", shard);
        assertThat(contents(get())).containsEntry("model-00001-of-00001.safetensors", shard);
    }

    @Test
    void leavesShardsOutWhereOneFileHasAll() throws IOException {
        hub.files.put("model.safetensors.index.json", "{}".getBytes(UTF_8));
        hub.files.put("model-00001-of-00001.safetensors", LocalHub.large(1000));
        assertThat(contents(get()))
                .doesNotContainKeys("model.safetensors.index.json", "model-00001-of-00001.safetensors");
    }

    @Test
    void followsTheListOfFilesOverItsPages() throws IOException {
        hub.inPages = true;
        assertThat(contents(get())).hasSize(4);
    }

    @Test
    void goesOnWhereTheConnectionBroke() {
        hub.files.put("model.safetensors", LocalHub.large(5_000_000));
        breakWeights(LocalHub.breakAt(2_000_000), LocalHub.breakAt(3_500_000));
        get();
        // What the client had not handed on when the connection broke is asked for again.
        assertThat(startsOfWeights()).hasSize(3).isSorted().doesNotHaveDuplicates();
        assertThat(startsOfWeights().get(1)).isBetween(1_500_000, 2_000_000);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    @Test
    void goesOnWhereAnEarlierProcessStopped() {
        breakWeights(
                LocalHub.breakAt(1_000_000),
                LocalHub.breakAt(0),
                LocalHub.breakAt(0),
                LocalHub.breakAt(0),
                LocalHub.breakAt(0));
        assertThatThrownBy(this::get).isInstanceOf(UncheckedIOException.class);
        hub.requests.clear();
        get();
        assertThat(startsOfWeights()).hasSize(1).first().matches(start -> start > 500_000);
        assertThat(hub.requestsOf("config.json")).isZero();
    }

    @Test
    void beginsAgainWhereTheServerKnowsNoRanges() {
        breakWeights(LocalHub.breakAt(1_000_000), LocalHub.ignoringRange());
        get();
        assertThat(startsOfWeights()).hasSize(2).last().matches(start -> start > 500_000);
    }

    @Test
    void beginsAgainWhereTheRangeIsRefused() {
        breakWeights(LocalHub.breakAt(1_000_000), LocalHub.status(416));
        get();
        assertThat(startsOfWeights()).hasSize(3).startsWith(0).endsWith(0);
    }

    @Test
    void breaksOffAConnectionThatIsSilent() {
        breakWeights(LocalHub.silentAfter(1_000_000));
        new HubDownload(environment, cache, pauses::add, Duration.ofMillis(200)).get(LocalHub.MODEL, "", IGNORED);
        assertThat(startsOfWeights()).hasSize(2).last().matches(start -> start > 500_000);
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        hub.apiFaults.add(LocalHub.status(429, "Retry-After", "17"));
        hub.apiFaults.add(LocalHub.status(503));
        get();
        assertThat(pauses).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(2));
    }

    @Test
    void givesUpAfterSomeFailures() {
        for (int i = 0; i < 5; i++) {
            hub.apiFaults.add(LocalHub.status(500));
        }
        assertThatThrownBy(this::get)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot find out the commit of owner/name (main): the hub answered 500");
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L);
    }

    @Test
    void doesNotWaitForAnHour() {
        hub.apiFaults.add(LocalHub.status(429, "Retry-After", "3600"));
        assertThatThrownBy(this::get).hasMessageContaining("the hub answered 429");
        assertThat(pauses).isEmpty();
    }

    @Test
    void bringsADamagedFileAgain() throws IOException {
        breakWeights(LocalHub.damaging());
        assertThat(contents(get())).containsEntry("model.safetensors", hub.files.get("model.safetensors"));
        assertThat(startsOfWeights()).containsExactly(0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "config.json"})
    void refusesAFileThatStaysDamaged(String name) {
        int before = name.equals("config.json") ? 1 : 2;
        for (int i = 0; i < 8; i++) {
            hub.faults.add(i < before ? LocalHub.ignoringRange() : LocalHub.damaging());
        }
        assertThatThrownBy(this::get)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the checksum of " + name + " is ");
        assertThat(cache.resolve("hub/owner--name").resolve(LocalHub.COMMIT)).doesNotExist();
    }

    @Test
    void givesTheTokenToTheHubAlone() {
        environment.put("HF_TOKEN", "hf_secret");
        get();
        assertThat(hub.requests)
                .filteredOn(LocalHub.Request::ofStore)
                .isNotEmpty()
                .allMatch(request -> request.authorization() == null);
        assertThat(hub.requests)
                .filteredOn(request -> !request.ofStore())
                .allMatch(request -> "Bearer hf_secret".equals(request.authorization()));
    }

    @Test
    void tellsAMissingModelFromAMissingRevisionAndAGatedOne() {
        assertThatThrownBy(() -> download().get("owner/other", "", IGNORED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot download owner/other (main): the hub has no such model");
        assertThatThrownBy(() -> download().get(LocalHub.MODEL, "v9", IGNORED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no such revision");
        hub.apiFaults.add(LocalHub.status(401));
        assertThatThrownBy(this::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no such model, or only for those who may see it")
                .hasMessageContaining("set HF_TOKEN");
        hub.apiFaults.add(LocalHub.status(403, "X-Error-Code", "GatedRepo"));
        assertThatThrownBy(this::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it is gated. Accept its licence")
                .hasMessageContaining("HF_TOKEN");
        environment.put("HF_TOKEN", "hf_wrong");
        hub.apiFaults.add(LocalHub.status(401));
        assertThatThrownBy(this::get)
                .hasMessageContaining("does not accept the token")
                .hasMessageNotContaining("hf_wrong");
        assertThat(pauses).isEmpty();
    }

    @Test
    void saysWhatToPlaceWhereWithoutANetwork() throws IOException {
        hub.close();
        Path place = cache.resolve("hub/owner--name/main");
        assertThatThrownBy(this::get)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no connection to 127.0.0.1")
                .hasMessageContaining("config.json, tokenizer.json and model.safetensors")
                .hasMessageContaining(" in " + place + ".");
        environment.put("HF_HUB_OFFLINE", "1");
        assertThatThrownBy(this::get)
                .hasMessageContaining("HF_HUB_OFFLINE is set")
                .hasMessageContaining(" in " + place + ".");
        Files.createDirectories(place);
        assertThat(get()).isEqualTo(place);
    }

    @Test
    void refusesAModelWithoutSafetensors() {
        hub.files.remove("model.safetensors");
        hub.files.put("pytorch_model.bin", new byte[1]);
        assertThatThrownBy(this::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it has no weights in safetensors files");
        assertThat(hub.requestsOf("config.json")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/../b", "/etc", "a/b/c", "a b", "owner/na?me", "owner/.."})
    void refusesWhatIsNoId(String id) {
        assertThatThrownBy(() -> download().get(id, "", IGNORED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("that is no model's id");
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void refusesARevisionThatLeadsElsewhere() {
        assertThatThrownBy(() -> download().get(LocalHub.MODEL, "../../x", IGNORED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no branch, tag or commit");
    }

    @Test
    void takesNothingOfItsOwnForARevision() {
        get();
        for (String name : List.of("refs", "lock", "arriving-" + LocalHub.COMMIT)) {
            assertThatThrownBy(() -> download().get(LocalHub.MODEL, name, IGNORED))
                    .hasMessageContaining("no such revision");
        }
    }

    @Test
    void saysThatTheDiskCannotBeWritten() throws IOException {
        Files.writeString(cache.resolve("hub"), "a file where a folder has to be");
        assertThatThrownBy(this::get).isInstanceOf(UncheckedIOException.class).hasMessageContaining("hub");
    }

    @Test
    void tellsHowItGoesOn() {
        List<Long> done = new ArrayList<>();
        long total =
                hub.files.values().stream().mapToLong(content -> content.length).sum();
        download().get(LocalHub.MODEL, "", (file, bytes, all) -> {
            assertThat(all).isEqualTo(total);
            done.add(bytes);
        });
        assertThat(done).isSorted().last().isEqualTo(total);
    }

    @Test
    void downloadsOnceForAllThatAskAtOnce() {
        List<CompletableFuture<Path>> asking = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asking.add(CompletableFuture.supplyAsync(() -> download().get(LocalHub.MODEL, LocalHub.COMMIT, IGNORED)));
        }
        asking.forEach(one -> assertThat(one.join()).isDirectory());
        assertThat(startsOfWeights()).containsExactly(0);
    }

    @Test
    void downloadsOnceForSeveralProcesses() throws Exception {
        List<Process> processes = List.of(startProcess(), startProcess());
        for (Process process : processes) {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).contains(LocalHub.COMMIT);
        }
        assertThat(startsOfWeights()).containsExactly(0);
    }

    private Process startProcess() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                DownloadOnce.class.getName(),
                cache.toString());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true).start();
    }

    /** Lets the requests of weights, which come last, meet these faults. */
    private void breakWeights(LocalHub.Fault... faults) {
        for (int before = 0; before < 2; before++) {
            hub.faults.add(LocalHub.ignoringRange());
        }
        hub.faults.addAll(List.of(faults));
    }

    /** The first byte that each request of the weights asked for. */
    private List<Integer> startsOfWeights() {
        return hub.requests.stream()
                .filter(LocalHub.Request::ofStore)
                .map(request -> request.range() == null
                        ? 0
                        : Integer.valueOf(request.range().replaceAll("\\D", "")))
                .toList();
    }

    private Path get() {
        return download().get(LocalHub.MODEL, "", IGNORED);
    }

    private HubDownload download() {
        return new HubDownload(environment, cache, pauses::add, Duration.ofSeconds(10));
    }

    private static Map<String, byte[]> contents(Path directory) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                contents.put(directory.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return contents;
    }
}
