package dev.spindrift.local.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.local.warehouse.server.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.snowflake.client.api.connection.SnowflakeConnection;
import net.snowflake.client.api.resultset.SnowflakeResultSet;
import net.snowflake.client.api.resultset.SnowflakeType;
import net.snowflake.client.api.statement.SnowflakeStatement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole warehouse through the unmodified driver: protocol, engine and stages together. */
final class WarehouseTest {
    @TempDir
    static Path folder;

    private static LocalWarehouse warehouse;
    private Connection connection;

    @BeforeAll
    static void start() throws Exception {
        warehouse = LocalWarehouse.start(WarehouseSettings.in(folder.resolve("data")));
        try (Connection setup = client().connect()) {
            runScript(setup, Files.readString(Path.of("../../sql/setup.sql")));
            try (Statement statement = setup.createStatement()) {
                statement.execute(
                        "CREATE TABLE VECTORS (EMBEDDING_KEY VARCHAR, EMBEDDING VECTOR(FLOAT, 4), TOKENS NUMBER(10,0))");
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        warehouse.close();
    }

    @BeforeEach
    void connect() throws Exception {
        connection = client().connect();
    }

    @AfterEach
    void disconnect() throws Exception {
        connection.close();
    }

    static Client client() {
        return new Client(warehouse.port());
    }

    static void runScript(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.unwrap(SnowflakeStatement.class).setParameter("MULTI_STATEMENT_COUNT", 0);
            statement.execute(script);
        }
    }

    private List<String> column(String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                values.add(result.getString(1));
            }
        }
        return values;
    }

    private int update(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    @Test
    void runsTheSetupScriptAgain() throws Exception {
        runScript(connection, Files.readString(Path.of("../../sql/setup.sql")));
        assertThat(column("SELECT FENCE FROM SINK_FENCE")).containsExactly("DOCUMENTS");
    }

    @Test
    void listsItsTables() throws Exception {
        List<String> tables = new ArrayList<>();
        try (ResultSet result =
                connection.getMetaData().getTables("SPINDRIFT", "PUBLIC", "%", new String[] {"TABLE"})) {
            while (result.next()) {
                tables.add(result.getString("TABLE_NAME"));
            }
        }
        assertThat(tables).contains("DOCUMENTS", "CHUNKS", "EMBEDDINGS_BUILTIN", "SINK_LEDGER");
    }

    @Test
    void keepsTimestampsOfEveryType() throws Exception {
        update("CREATE TABLE TIMES (N TIMESTAMP_NTZ, L TIMESTAMP_LTZ, Z TIMESTAMP_TZ, D DATE, T TIME)");
        update("INSERT INTO TIMES SELECT '2026-11-21 10:11:12.123456'::TIMESTAMP_NTZ,"
                + " '2026-11-21 10:11:12.123456+00:00'::TIMESTAMP_LTZ, '2026-11-21 10:11:12+05:30'::TIMESTAMP_TZ,"
                + " '1969-07-20'::DATE, '23:59:58'::TIME");
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM TIMES")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getString("N")).isEqualTo("2026-11-21 10:11:12.123");
            assertThat(result.getTimestamp("L").toInstant()).isEqualTo(Instant.parse("2026-11-21T10:11:12.123456Z"));
            assertThat(result.getTimestamp("Z").toInstant()).isEqualTo(Instant.parse("2026-11-21T04:41:12Z"));
            assertThat(result.getString("Z")).endsWith("+0530");
            assertThat(result.getString("D")).isEqualTo("1969-07-20");
            assertThat(result.getString("T")).isEqualTo("23:59:58");
        }
    }

    @Test
    void insertsBatchesAsArrays() throws Exception {
        update("CREATE TABLE BATCH (I NUMBER(38,0), R FLOAT, T VARCHAR, B BOOLEAN, N TIMESTAMP_NTZ)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO BATCH VALUES (?, ?, ?, ?, ?)")) {
            for (int i = 0; i < 2000; i++) {
                insert.setInt(1, i);
                insert.setDouble(2, i / 4.0);
                insert.setString(3, i % 2 == 0 ? null : "t" + i);
                insert.setBoolean(4, i % 3 == 0);
                insert.setObject(
                        5,
                        Timestamp.from(Instant.parse("2026-11-21T10:00:00.5Z").plusSeconds(i)),
                        SnowflakeType.EXTRA_TYPES_TIMESTAMP_NTZ);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(2000);
        }
        assertThat(column("SELECT COUNT(*) || ' ' || SUM(I) || ' ' || COUNT(T) || ' ' || SUM(R)::NUMBER(20,2) FROM"
                        + " BATCH WHERE B OR NOT B"))
                .containsExactly("2000 1999000 1000 499750.00");
        try (PreparedStatement select = connection.prepareStatement("SELECT N, R FROM BATCH WHERE I = ? AND T = ?")) {
            select.setLong(1, 3);
            select.setString(2, "t3");
            try (ResultSet result = select.executeQuery()) {
                assertThat(result.next()).isTrue();
                assertThat(result.getDouble(2)).isEqualTo(0.75);
                assertThat(result.getMetaData().getColumnType(1)).isEqualTo(Types.TIMESTAMP);
            }
        }
    }

    @Test
    void searchesVectors() throws Exception {
        update("CREATE TABLE POINTS (ID VARCHAR, V VECTOR(FLOAT, 3))");
        update("INSERT INTO POINTS SELECT column1, PARSE_JSON(column2)::VECTOR(FLOAT, 3) FROM VALUES"
                + " ('x', '[1,0,0]'), ('y', '[0,1,0]'), ('near x', '[0.9,0.1,0]')");
        try (PreparedStatement search = connection.prepareStatement("SELECT ID, V, VECTOR_COSINE_SIMILARITY(V,"
                + " PARSE_JSON(?)::ARRAY::VECTOR(FLOAT, 3)) AS S FROM POINTS ORDER BY S DESC")) {
            search.setString(1, "[1,0,0]");
            try (ResultSet result = search.executeQuery()) {
                assertThat(result.next()).isTrue();
                assertThat(result.getString(1)).isEqualTo("x");
                assertThat(result.getString(2)).isEqualTo("[1.000000,0.000000,0.000000]");
                assertThat(result.unwrap(SnowflakeResultSet.class).getArray(2, Float.class))
                        .containsExactly(1f, 0f, 0f);
                assertThat(result.next()).isTrue();
                assertThat(result.getString(1)).isEqualTo("near x");
            }
        }
    }

    @Test
    void commitsACheckpointOnceThoughItsReplyIsLost() throws Exception {
        Checkpoints checkpoints = new Checkpoints(connection, Files.createTempDirectory(folder, "files"));
        checkpoints.stage(1);
        assertThat(checkpoints.applyUntilCommit(1)).isTrue();
        warehouse.faults().loseReply(sql -> sql.toUpperCase(Locale.ROOT).startsWith("COMMIT"));
        checkpoints.commit();
        assertThat(checkpoints.applyUntilCommit(1)).isFalse();
        checkpoints.stage(2);
        assertThat(checkpoints.applyUntilCommit(2)).isTrue();
        checkpoints.commit();
        assertThat(checkpoints.count("SELECT COUNT(*) FROM VECTORS")).isEqualTo(25);
        assertThat(checkpoints.count("SELECT COUNT(DISTINCT EMBEDDING_KEY) FROM VECTORS"))
                .isEqualTo(25);
        assertThat(column("SELECT DOCUMENT_ID || ' ' || VERSION FROM DOCUMENTS ORDER BY 1"))
                .containsExactly("doc0 2", "doc1 2", "doc2 2");
        assertThat(column("LIST @SPINDRIFT_STAGE/t/")).hasSize(4);
        checkpoints.execute("REMOVE @SPINDRIFT_STAGE/t/");
        assertThat(column("LIST @SPINDRIFT_STAGE/t/")).isEmpty();
    }

    @Test
    void rollsBackWhatAClosedSessionLeftOpen() throws Exception {
        update("CREATE TABLE LEFT_OPEN (N NUMBER(38,0))");
        try (Connection other = client().connect()) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.executeUpdate("INSERT INTO LEFT_OPEN VALUES (1)");
            }
            assertThat(column("SELECT N FROM LEFT_OPEN")).isEmpty();
        }
        assertThat(column("SELECT N FROM LEFT_OPEN")).isEmpty();
    }

    @Test
    void commitsAndRollsBackByTheDriversCalls() throws Exception {
        update("CREATE TABLE BY_CALLS (N NUMBER(38,0))");
        connection.setAutoCommit(false);
        update("INSERT INTO BY_CALLS VALUES (1)");
        connection.commit();
        update("INSERT INTO BY_CALLS VALUES (2)");
        connection.rollback();
        connection.setAutoCommit(true);
        assertThat(column("SELECT N FROM BY_CALLS")).containsExactly("1");
    }

    @Test
    void givesResultsOfAsynchronousStatementsToOtherSessions() throws Exception {
        String id;
        try (Statement statement = connection.createStatement()) {
            id = statement
                    .unwrap(SnowflakeStatement.class)
                    .executeAsyncQuery("SELECT 42 AS N")
                    .unwrap(SnowflakeResultSet.class)
                    .getQueryID();
        }
        try (Connection other = client().connect();
                ResultSet result = other.unwrap(SnowflakeConnection.class).createResultSet(id)) {
            assertThat(result.next()).isTrue();
            assertThat(result.getInt(1)).isEqualTo(42);
        }
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> column("SELECT * FROM NOWHERE")).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getErrorCode()).isEqualTo(2003);
            assertThat(e.getSQLState()).isEqualTo("42S02");
            assertThat(e.getMessage()).contains("NOWHERE");
        });
    }

    @Test
    void readsLargeTables() throws Exception {
        Path file = Parquet.write(
                Files.createTempDirectory(folder, "large").resolve("rows.parquet"),
                "SELECT i AS n, repeat('x', 200) AS t FROM range(50000) r(i)");
        update("CREATE TABLE LARGE_TABLE (N NUMBER(38,0), T VARCHAR)");
        try (Statement statement = connection.createStatement()) {
            statement.execute("PUT 'file://" + file + "' @SPINDRIFT_STAGE/large/ AUTO_COMPRESS = FALSE");
            statement.execute("COPY INTO LARGE_TABLE FROM (SELECT $1:n::NUMBER(38,0), $1:t::VARCHAR FROM"
                    + " @SPINDRIFT_STAGE/large/) FILE_FORMAT = (TYPE = PARQUET) ON_ERROR = ABORT_STATEMENT");
            try (ResultSet result = statement.executeQuery("SELECT N, T FROM LARGE_TABLE ORDER BY N")) {
                int count = 0;
                while (result.next()) {
                    assertThat(result.getInt(1)).isEqualTo(count++);
                }
                assertThat(count).isEqualTo(50_000);
            }
        }
    }
}
