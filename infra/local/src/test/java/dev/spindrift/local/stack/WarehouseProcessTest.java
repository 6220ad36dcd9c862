package dev.spindrift.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import net.snowflake.client.api.driver.SnowflakeDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseProcessTest {
    @TempDir
    Path temporary;

    @Test
    void startsAKilledWarehouseAgainWithWhatWasCommitted() throws Exception {
        StackSettings settings =
                StackSettings.of(Repository.ROOT, temporary.resolve("a folder")).only(Part.WAREHOUSE);
        try (LocalStack stack = LocalStack.start(settings)) {
            String url = stack.jdbcUrl();
            try (Connection connection = connect(stack);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE IF NOT EXISTS SPINDRIFT");
                statement.execute("USE SCHEMA SPINDRIFT.PUBLIC");
                statement.execute("CREATE TABLE KEPT (N NUMBER(10,0))");
                statement.execute("INSERT INTO KEPT VALUES (1), (2)");
            }

            ProcessHandle warehouse = ProcessHandle.of(stack.pid("warehouse")).orElseThrow();
            warehouse.destroyForcibly();
            warehouse.onExit().get();
            while (stack.pid("warehouse") == warehouse.pid()) {
                Thread.sleep(50);
            }
            stack.awaitReady();

            assertThat(stack.jdbcUrl()).isEqualTo(url);
            try (Connection connection = connect(stack);
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT COUNT(*), SUM(N) FROM KEPT")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(2);
                assertThat(rows.getInt(2)).isEqualTo(3);
            }
        }
    }

    private static Connection connect(LocalStack stack) throws Exception {
        Properties login = new Properties();
        login.setProperty("user", "spindrift");
        login.setProperty("password", Files.readString(stack.passwordFile()));
        login.setProperty("JDBC_QUERY_RESULT_FORMAT", "JSON");
        Connection connection = new SnowflakeDriver().connect(stack.jdbcUrl(), login);
        if (connection == null) {
            throw new SQLException("the driver does not take " + stack.jdbcUrl());
        }
        return connection;
    }
}
