package dev.spindrift.local.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.local.warehouse.server.Client;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse in a process of its own, killed. */
final class KillTest {
    @TempDir
    Path folder;

    /** Starts a warehouse and waits for its line; its port stands behind the last colon before the path. */
    private Process start(int port) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LocalWarehouse.class.getName(),
                        "--port",
                        Integer.toString(port),
                        "--data",
                        folder.resolve("data").toString())
                .redirectError(folder.resolve("log").toFile())
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        assertThat(line).as(() -> "log of the warehouse: " + log()).isNotNull().contains("jdbc:snowflake://127.0.0.1:");
        return process;
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void keepsExactlyWhatWasCommittedThroughAKill() throws Exception {
        int port = freePort();
        Process first = start(port);
        Connection connection = new Client(port).connect();
        try {
            WarehouseTest.runScript(connection, Files.readString(Path.of("../../sql/setup.sql")));
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "CREATE TABLE VECTORS (EMBEDDING_KEY VARCHAR, EMBEDDING VECTOR(FLOAT, 4), TOKENS NUMBER(10,0))");
            }
            Checkpoints checkpoints = new Checkpoints(connection, folder);
            checkpoints.stage(1);
            assertThat(checkpoints.applyUntilCommit(1)).isTrue();
            checkpoints.commit();
            checkpoints.stage(2);
            assertThat(checkpoints.applyUntilCommit(2)).isTrue();
            first.destroyForcibly().waitFor();
            Process second = start(port);
            try {
                assertThatThrownBy(checkpoints::commit).isInstanceOf(SQLException.class);
                connection.close(); // Now, as the driver would look for a server that is gone for five minutes.
                verifyAndGoOn(port);
            } finally {
                second.destroyForcibly().waitFor();
            }
        } finally {
            first.destroyForcibly().waitFor();
        }
    }

    private void verifyAndGoOn(int port) throws Exception {
        try (Connection connection = new Client(port).connect()) {
            Checkpoints checkpoints = new Checkpoints(connection, folder);
            assertThat(checkpoints.count("SELECT COUNT(*) FROM VECTORS")).isEqualTo(15);
            assertThat(checkpoints.count("SELECT COUNT(*) FROM SINK_LEDGER")).isEqualTo(2);
            assertThat(checkpoints.applyUntilCommit(1)).isFalse();
            // Its files were put before the kill and are not put again.
            assertThat(checkpoints.applyUntilCommit(2)).isTrue();
            checkpoints.commit();
            assertThat(checkpoints.count("SELECT COUNT(*) FROM VECTORS")).isEqualTo(25);
            assertThat(checkpoints.count("SELECT COUNT(*) FROM SINK_LEDGER")).isEqualTo(4);
        }
    }

    @Test
    void endsCleanlyWhenToldTo() throws Exception {
        int port = freePort();
        Process first = start(port);
        try (Connection connection = new Client(port).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE SPINDRIFT");
            statement.execute("CREATE TABLE SPINDRIFT.PUBLIC.KEPT (N NUMBER(38,0))");
            statement.execute("INSERT INTO SPINDRIFT.PUBLIC.KEPT VALUES (1), (2)");
        }
        first.destroy();
        assertThat(first.waitFor()).isEqualTo(143);
        Process second = start(port);
        try (Connection connection = new Client(port).connect()) {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT SUM(N) FROM KEPT")) {
                result.next();
                assertThat(result.getInt(1)).isEqualTo(3);
            }
        } finally {
            second.destroyForcibly().waitFor();
        }
    }

    @Test
    void refusesAFolderThatAnotherHasOpen() throws Exception {
        WarehouseSettings settings = WarehouseSettings.in(folder.resolve("data"));
        try (LocalWarehouse open = LocalWarehouse.start(settings)) {
            assertThat(open.jdbcUrl()).contains(":" + open.port() + "/");
            assertThatThrownBy(() -> LocalWarehouse.start(settings)).hasMessageContaining("another one has it open");
        }
        LocalWarehouse.start(settings).close();
    }

    @Test
    void refusesTheWellKnownPasswordWhereOthersCanReachIt() throws Exception {
        WarehouseSettings settings = WarehouseSettings.in(folder);
        InetAddress everywhere = InetAddress.getByName("0.0.0.0");
        assertThatThrownBy(() -> settings.withBind(everywhere)).hasMessageContaining("--password-file");
        Path password = Files.writeString(folder.resolve("password"), "secret\n");
        assertThat(settings.withPasswordFile(password).withBind(everywhere).password())
                .isEqualTo("secret");
    }
}
