package dev.spindrift.pipeline.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.local.warehouse.LocalWarehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WarehouseTest {
    @TempDir
    Path folder;

    @Test
    void logsInWithAPasswordOrAKeyPairFromAFile() throws Exception {
        KeyPair pair = keyPair();
        try (LocalWarehouse warehouse = warehouse(pair)) {
            assertThat(userOf(settings(warehouse, file("password", "spindrift\n"), null)))
                    .isEqualTo("SPINDRIFT");
            assertThat(userOf(settings(warehouse, null, privateKey(pair)))).isEqualTo("SPINDRIFT");
        }
    }

    @Test
    void refusesAnotherKeyAndAnotherPassword() throws Exception {
        try (LocalWarehouse warehouse = warehouse(keyPair())) {
            assertThatThrownBy(() -> userOf(settings(warehouse, null, privateKey(keyPair()))))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getErrorCode()).isEqualTo(390144));
            assertThatThrownBy(() -> userOf(settings(warehouse, file("wrong", "guess"), null)))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getErrorCode()).isEqualTo(390100));
        }
    }

    @Test
    void namesTheFileThatItCannotReadAndNotWhatIsInIt() throws Exception {
        try (LocalWarehouse warehouse = warehouse(keyPair())) {
            Path none = folder.resolve("none");

            assertThatThrownBy(() -> userOf(settings(warehouse, none, null)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(none.toString())
                    .hasMessageContaining("warehouse.password-file");
        }
    }

    private LocalWarehouse warehouse(KeyPair pair) throws IOException {
        return LocalWarehouse.start(dev.spindrift.local.warehouse.WarehouseSettings.in(folder.resolve("data"))
                .withPublicKeyFile("spindrift", pem("key.pub", "PUBLIC KEY", pair.getPublic())));
    }

    private static WarehouseSettings settings(
            LocalWarehouse warehouse, @Nullable Path passwordFile, @Nullable Path privateKeyFile) {
        return new WarehouseSettings(
                warehouse.jdbcUrl(),
                "spindrift",
                null,
                null,
                "SPINDRIFT",
                "PUBLIC",
                passwordFile == null ? null : passwordFile.toString(),
                privateKeyFile == null ? null : privateKeyFile.toString(),
                null);
    }

    private static String userOf(WarehouseSettings settings) throws SQLException {
        try (Connection connection = new Warehouse(settings, "test").open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CURRENT_USER()")) {
            row.next();
            return row.getString(1);
        }
    }

    private static KeyPair keyPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private Path privateKey(KeyPair pair) throws IOException {
        return pem("key.p8", "PRIVATE KEY", pair.getPrivate());
    }

    private Path pem(String name, String kind, Key key) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return file(name, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
