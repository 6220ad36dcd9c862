package dev.spindrift.local.warehouse.server;

import static dev.spindrift.local.warehouse.server.ScriptedEngine.column;
import static dev.spindrift.local.warehouse.server.ScriptedEngine.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.local.warehouse.engine.ColumnType;
import dev.spindrift.local.warehouse.engine.ColumnType.Kind;
import dev.spindrift.local.warehouse.engine.SqlFailure;
import dev.spindrift.local.warehouse.stage.FolderStages;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.snowflake.client.api.connection.SnowflakeConnection;
import net.snowflake.client.api.resultset.SnowflakeResultSet;
import net.snowflake.client.api.resultset.SnowflakeResultSetMetaData;
import net.snowflake.client.api.statement.SnowflakeStatement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol through the unmodified driver, on statements whose results the tests write themselves. */
final class ProtocolTest {
    private static KeyPair keys;

    @TempDir
    Path folder;

    private final ScriptedEngine engine = new ScriptedEngine();
    private WarehouseServer server;

    @BeforeAll
    static void makeKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    @BeforeEach
    void start() throws Exception {
        Users users = new Users(
                "local",
                Map.of("SPINDRIFT", "spindrift"),
                Map.of("SPINDRIFT", keys.getPublic()),
                InstantSource.system());
        server = new WarehouseServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                engine,
                new FolderStages(folder.resolve("stages")),
                users,
                folder.resolve("results"));
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(engine.closed).isTrue();
    }

    private Client client() {
        return new Client(server.address().getPort());
    }

    @Test
    void opensSessionsByPassword() throws Exception {
        try (Connection connection = client().connect()) {
            assertThat(connection.getCatalog()).isEqualTo("SPINDRIFT");
            assertThat(connection.getSchema()).isEqualTo("PUBLIC");
            assertThat(connection.isValid(10)).isTrue();
        }
    }

    @Test
    void refusesAWrongPassword() {
        assertThatThrownBy(() -> client().with("password", "wrong").connect())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(390100));
    }

    @Test
    void opensSessionsByKeyPair() throws Exception {
        Client client = client().without("password").with("privateKey", keys.getPrivate());
        try (Connection connection = client.connect()) {
            assertThat(connection.isValid(10)).isTrue();
        }
    }

    @Test
    void refusesAKeyThatIsNotTheUsers() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        Client client = client().without("password")
                .with("privateKey", generator.generateKeyPair().getPrivate());
        assertThatThrownBy(client::connect)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(390144));
    }

    @Test
    void givesEveryTypeAsTheDriverReadsIt() throws Exception {
        engine.on(
                "types",
                sql -> rows(
                        List.of(
                                column("I", Kind.FIXED, 0, 0),
                                column("D", Kind.FIXED, 2, 0),
                                column("R", Kind.REAL, 0, 0),
                                column("T", Kind.TEXT, 0, 100),
                                column("B", Kind.BOOLEAN, 0, 0),
                                column("DAY", Kind.DATE, 0, 0),
                                column("TIME", Kind.TIME, 9, 0),
                                column("NTZ", Kind.TIMESTAMP_NTZ, 9, 0),
                                column("LTZ", Kind.TIMESTAMP_LTZ, 9, 0),
                                column("TZ", Kind.TIMESTAMP_TZ, 9, 0),
                                column("BIN", Kind.BINARY, 0, 10),
                                column("V", Kind.VARIANT, 0, 0),
                                column("NOTHING", Kind.TEXT, 0, 0)),
                        List.<Object[]>of(new Object[] {
                                    42L,
                                    new BigDecimal("12.3"),
                                    1.5,
                                    "añ\"\n😀",
                                    true,
                                    LocalDate.of(1969, 12, 30),
                                    LocalTime.of(1, 2, 3, 4),
                                    LocalDateTime.of(2026, 11, 21, 10, 11, 12, 123456789),
                                    Instant.parse("1969-12-31T23:59:58.250Z"),
                                    OffsetDateTime.parse("2026-11-21T10:11:12.5+05:30"),
                                    new byte[] {1, (byte) 0xAB},
                                    "{\"a\":1}",
                                    null
                                })
                                .iterator()));
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("types")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getLong("I")).isEqualTo(42);
            assertThat(result.getBigDecimal("D")).isEqualByComparingTo("12.30");
            assertThat(result.getDouble("R")).isEqualTo(1.5);
            assertThat(result.getString("T")).isEqualTo("añ\"\n😀");
            assertThat(result.getBoolean("B")).isTrue();
            assertThat(result.getString("DAY")).isEqualTo("1969-12-30");
            assertThat(result.getString("TIME")).isEqualTo("01:02:03");
            assertThat(result.getString("NTZ")).isEqualTo("2026-11-21 10:11:12.123");
            assertThat(result.getTimestamp("NTZ").getNanos()).isEqualTo(123456789);
            assertThat(result.getTimestamp("LTZ").toInstant()).isEqualTo(Instant.parse("1969-12-31T23:59:58.250Z"));
            assertThat(result.getTimestamp("TZ").toInstant()).isEqualTo(Instant.parse("2026-11-21T04:41:12.5Z"));
            assertThat(result.getString("TZ")).isEqualTo("2026-11-21 10:11:12.500 +0530");
            assertThat(result.getBytes("BIN")).containsExactly(1, 0xAB);
            assertThat(result.getString("V")).isEqualTo("{\"a\":1}");
            assertThat(result.getString("NOTHING")).isNull();
            assertThat(result.next()).isFalse();
        }
    }

    @Test
    void givesVectorsWithSixDecimals() throws Exception {
        engine.on(
                "vectors",
                sql -> rows(
                        List.of(
                                column("E", Kind.VECTOR, 0, 4),
                                new dev.spindrift.local.warehouse.engine.Column(
                                        "N", new ColumnType(Kind.VECTOR, 0, 0, 2, true), true)),
                        List.<Object[]>of(new Object[] {new float[] {-1.2f, 5.1f, 0, 1e-9f}, new int[] {-1, 7}})
                                .iterator()));
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("vectors")) {
            SnowflakeResultSetMetaData columns = result.getMetaData().unwrap(SnowflakeResultSetMetaData.class);
            assertThat(columns.getVectorDimension(1)).isEqualTo(4);
            assertThat(result.getMetaData().getColumnTypeName(1)).isEqualTo("VECTOR");
            assertThat(result.next()).isTrue();
            assertThat(result.getString(1)).isEqualTo("[-1.200000,5.100000,0.000000,0.000000]");
            assertThat(result.unwrap(SnowflakeResultSet.class).getArray(1, Float.class))
                    .containsExactly(-1.2f, 5.1f, 0f, 0f);
            assertThat(result.getString(2)).isEqualTo("[-1,7]");
        }
    }

    @Test
    void givesLargeResultsInChunks() throws Exception {
        engine.on(
                "many",
                sql -> rows(
                        List.of(column("N", Kind.FIXED, 0, 0), column("T", Kind.TEXT, 0, 0)),
                        IntStream.range(0, 50_000)
                                .mapToObj(i -> new Object[] {(long) i, "ü".repeat(100)})
                                .iterator()));
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("many")) {
            int count = 0;
            while (result.next()) {
                assertThat(result.getInt(1)).isEqualTo(count++);
                assertThat(result.getString(2)).hasSize(100);
            }
            assertThat(count).isEqualTo(50_000);
            assertThat(folder.resolve("results")).isNotEmptyDirectory();
        }
        assertThat(folder.resolve("results")).isEmptyDirectory();
    }

    @Test
    void tellsFailuresInSnowflakesWords() throws Exception {
        engine.on("lost", sql -> {
            throw new SqlFailure("002003", "42S02", "SQL compilation error: Object 'LOST' does not exist.");
        });
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("lost")).isInstanceOfSatisfying(SQLException.class, e -> {
                assertThat(e.getErrorCode()).isEqualTo(2003);
                assertThat(e.getSQLState()).isEqualTo("42S02");
                assertThat(e.getMessage()).contains("Object 'LOST' does not exist");
            });
        }
    }

    @Test
    void passesBindsAndArraysOfBinds() throws Exception {
        try (Connection connection = client().connect();
                PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?)")) {
            insert.setLong(1, 7);
            insert.setString(2, "x");
            assertThat(insert.executeUpdate()).isEqualTo(1);
            assertThat(engine.binds.get(0).type()).isEqualTo("FIXED");
            assertThat(engine.binds.get(0).array()).isFalse();
            for (int i = 0; i < 1000; i++) {
                insert.setLong(1, i);
                insert.setString(2, i % 2 == 0 ? null : "x" + i);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(1000);
            assertThat(engine.binds.get(1).array()).isTrue();
            assertThat(engine.binds.get(1).values()).hasSize(1000).startsWith(null, "x1");
        }
    }

    @Test
    void runsARequestOnceWhenItsReplyIsLost() throws Exception {
        server.faults().loseReply(sql -> sql.startsWith("insert"));
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("insert into t values (1)")).isEqualTo(1);
        }
        assertThat(engine.executed).filteredOn(sql -> sql.startsWith("insert")).hasSize(1);
    }

    @Test
    void renewsExpiredTokens() throws Exception {
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            server.faults().expireTokens();
            assertThat(statement.executeUpdate("insert into t values (1)")).isEqualTo(1);
            assertThat(engine.executed)
                    .filteredOn(sql -> sql.startsWith("insert"))
                    .hasSize(1);
        }
    }

    @Test
    void letsClientsPollForLongStatements() throws Exception {
        server.faults().patience(Duration.ofMillis(20));
        engine.on("long", sql -> {
            engine.pause(Duration.ofMillis(300));
            return rows(
                    List.of(column("T", Kind.TEXT, 0, 10)),
                    List.<Object[]>of(new Object[] {"done"}).iterator());
        });
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("long")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getString(1)).isEqualTo("done");
        }
        assertThat(engine.executed).containsOnlyOnce("long");
    }

    @Test
    void cancelsTheStatementThatRuns() throws Exception {
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            Thread cancel = new Thread(() -> {
                try {
                    engine.waiting.await();
                    statement.cancel();
                } catch (InterruptedException | SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            cancel.start();
            assertThatThrownBy(() -> statement.executeQuery("WAIT")).isInstanceOfSatisfying(SQLException.class, e -> {
                assertThat(e.getErrorCode()).isEqualTo(604);
                assertThat(e.getSQLState()).isEqualTo("57014");
            });
            cancel.join();
            assertThat(statement.executeUpdate("insert into t values (1)")).isEqualTo(1);
        }
    }

    @Test
    void endsStatementsAtTheirTimeout() throws Exception {
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("alter session set STATEMENT_TIMEOUT_IN_SECONDS = 1");
            assertThatThrownBy(() -> statement.executeQuery("WAIT"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(630));
        }
    }

    @Test
    void runsStatementsAsynchronously() throws Exception {
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            ResultSet result = statement.unwrap(SnowflakeStatement.class).executeAsyncQuery("WAIT");
            String id = result.unwrap(SnowflakeResultSet.class).getQueryID();
            assertThat(id).isNotEmpty();
            engine.go.release();
            while (statusOf(result).equals("RUNNING")) {
                Thread.onSpinWait();
            }
            assertThat(statusOf(result)).isEqualTo("SUCCESS");
            assertThat(connection.unwrap(SnowflakeConnection.class)).isNotNull();
        }
    }

    private static String statusOf(ResultSet result) throws SQLException {
        return result.unwrap(net.snowflake.client.api.resultset.SnowflakeAsyncResultSet.class)
                .getStatus()
                .getStatus()
                .name();
    }

    @Test
    void runsSeveralStatementsOfOneRequest() throws Exception {
        engine.on(
                "one",
                sql -> rows(
                        List.of(column("N", Kind.FIXED, 0, 0)),
                        List.<Object[]>of(new Object[] {1L}).iterator()));
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            statement.unwrap(SnowflakeStatement.class).setParameter("MULTI_STATEMENT_COUNT", 0);
            assertThat(statement.execute("insert into t values (1); one; insert into t values (2)"))
                    .isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(1);
            assertThat(statement.getMoreResults()).isTrue();
            try (ResultSet result = statement.getResultSet()) {
                assertThat(result.next()).isTrue();
                assertThat(result.getInt(1)).isEqualTo(1);
            }
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(1);
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(-1);
        }
    }

    @Test
    void refusesMoreStatementsThanWereAnnounced() throws Exception {
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("insert 1; insert 2"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(8));
        }
        assertThat(engine.executed).isEmpty();
    }

    @Test
    void failsFastForSessionsOfAnEarlierServer() throws Exception {
        try (Connection connection = client().connect();
                Statement statement = connection.createStatement()) {
            server.forgetSessions();
            assertThatThrownBy(() -> statement.execute("insert 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(390111));
        }
    }
}
