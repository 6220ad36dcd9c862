package dev.spindrift.local.warehouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.local.warehouse.engine.StatementResult;
import dev.spindrift.local.warehouse.stage.FolderStages;
import dev.spindrift.local.warehouse.stage.StageStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.snowflake.client.api.connection.DownloadStreamConfig;
import net.snowflake.client.api.connection.SnowflakeConnection;
import net.snowflake.client.api.connection.UploadStreamConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PUT and GET through the unmodified driver, whose S3 client talks to the stages. */
final class StageTransferTest {
    private static final String STAGE = "SPINDRIFT.PUBLIC.S";

    @TempDir
    static Path folder;

    private static final ScriptedEngine engine = new ScriptedEngine();
    private static FolderStages stages;
    private static WarehouseServer server;
    private static Connection connection;

    @BeforeAll
    static void start() throws Exception {
        stages = new FolderStages(folder.resolve("stages"));
        server = new WarehouseServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                engine,
                stages,
                new Users("local", Map.of("SPINDRIFT", "spindrift"), Map.of(), InstantSource.system()),
                folder.resolve("results"));
        connection = new Client(server.address().getPort()).connect();
    }

    @AfterAll
    static void stop() throws Exception {
        connection.close();
        server.close();
    }

    private static void acceptPut(String statement, Path file, String path, boolean overwrite) {
        engine.on(
                statement,
                sql -> new StatementResult.Put(
                        List.of(file.toString()), STAGE, path, false, "auto_detect", 4, overwrite));
    }

    private static String put(Path file, String path, boolean overwrite) throws Exception {
        String statement = "put 'file://" + file + "' @s/" + path + (overwrite ? " overwrite=true" : "");
        acceptPut(statement, file, path, overwrite);
        try (Statement sql = connection.createStatement();
                ResultSet result = sql.executeQuery(statement)) {
            assertThat(result.next()).isTrue();
            return result.getString("status");
        }
    }

    private static Path file(String name, byte[] content) throws Exception {
        return Files.write(folder.resolve(name), content);
    }

    private static List<String> paths(String prefix) throws Exception {
        return stages.list(STAGE, prefix).stream()
                .map(StageStore.StagedFile::path)
                .toList();
    }

    @Test
    void putsFilesAndGetsThemBack() throws Exception {
        byte[] content = new byte[200_000];
        new Random(1).nextBytes(content);
        assertThat(put(file("a.bin", content), "round/trip", false)).isEqualTo("UPLOADED");
        assertThat(paths("round/")).containsExactly("round/trip/a.bin");
        assertThat(Files.readAllBytes(stages.find(STAGE, "round/trip/a.bin").orElseThrow()))
                .isEqualTo(content);

        Path target = Files.createDirectories(folder.resolve("got"));
        String get = "get @s/round 'file://" + target + "'";
        engine.on(get, sql -> new StatementResult.Get(STAGE, "round", target.toString(), 4, null));
        try (Statement sql = connection.createStatement();
                ResultSet result = sql.executeQuery(get)) {
            assertThat(result.next()).isTrue();
            assertThat(result.getString("status")).isEqualTo("DOWNLOADED");
        }
        assertThat(Files.readAllBytes(target.resolve("a.bin"))).isEqualTo(content);
    }

    @Test
    void keepsAFileThatIsThereUnlessToldToOverwrite() throws Exception {
        Path file = file("once.bin", new byte[] {1, 2, 3});
        assertThat(put(file, "once", false)).isEqualTo("UPLOADED");
        assertThat(put(file, "once", false)).isEqualTo("SKIPPED");
        Files.write(file, new byte[] {4, 5, 6, 7});
        assertThat(put(file, "once", true)).isEqualTo("UPLOADED");
        assertThat(stages.list(STAGE, "once/").get(0).size()).isEqualTo(4);
    }

    @Test
    void takesAndGivesStreams() throws Exception {
        byte[] content = "a,b\n1,2\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        engine.onAny(
                "put file:///tmp/placeholder",
                sql -> new StatementResult.Put(
                        List.of("/tmp/placeholder"), STAGE, "streams", true, "auto_detect", 4, true));
        SnowflakeConnection snowflake = connection.unwrap(SnowflakeConnection.class);
        int before = engine.executed.size();
        snowflake.uploadStream(
                "@s",
                "x.csv",
                new ByteArrayInputStream(content),
                UploadStreamConfig.builder()
                        .setDestPrefix("streams")
                        .setCompressData(true)
                        .build());
        assertThat(engine.executed.subList(before, engine.executed.size())).isNotEmpty();
        assertThat(paths("streams/")).containsExactly("streams/x.csv.gz");
        engine.onAny("get ", sql -> new StatementResult.Get(STAGE, "streams/x.csv.gz", "/tmp/", 1, null));
        try (InputStream back = snowflake.downloadStream(
                "@s",
                "streams/x.csv.gz",
                DownloadStreamConfig.builder().setDecompress(true).build())) {
            assertThat(back.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void putsLargeFilesInParts() throws Exception {
        byte[] content = new byte[70 << 20];
        new Random(2).nextBytes(content);
        assertThat(put(file("large.bin", content), "large", false)).isEqualTo("UPLOADED");
        assertThat(Files.mismatch(stages.find(STAGE, "large/large.bin").orElseThrow(), folder.resolve("large.bin")))
                .isEqualTo(-1);
    }

    @Test
    void refusesRequestsWithoutAGrant() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/stages/" + STAGE + "/x"))
                .header("x-amz-security-token", "guessed")
                .PUT(HttpRequest.BodyPublishers.ofString("content"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("ExpiredToken");
        assertThat(paths("x")).isEmpty();
    }

    @Test
    void refusesPathsThatDoNotExist() {
        assertThatThrownBy(() -> put(folder.resolve("nowhere.bin"), "none", false))
                .isInstanceOf(java.sql.SQLException.class);
    }
}
