package dev.spindrift.local.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatementsTest {
    @TempDir
    private Path folder;

    private WarehouseFixture warehouse;

    @BeforeEach
    void open() {
        warehouse = WarehouseFixture.withDatabase(folder);
        warehouse.run("CREATE TABLE T (ID NUMBER(10,0) NOT NULL, NAME VARCHAR(5), V VARIANT, E VECTOR(FLOAT, 2))");
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    private void fails(String code, String state, String sql) {
        assertThatThrownBy(() -> warehouse.rows(sql)).as(sql).isInstanceOfSatisfying(SqlFailure.class, failure -> {
            assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
            assertThat(failure.sqlState()).isEqualTo(state);
        });
    }

    @Test
    void failsWithSnowflakesCodes() {
        fails("002003", "42S02", "SELECT * FROM NOSUCH");
        fails("000904", "42000", "SELECT NOSUCH FROM T");
        fails("002002", "42710", "CREATE TABLE T (A INT)");
        fails("001003", "42000", "SELECT FROM");
        fails("002140", "42601", "SELECT READ_TEXT('/etc/passwd')");
        fails("100038", "22018", "SELECT 'x'::NUMBER");
        fails("100069", "22P02", "SELECT PARSE_JSON('{bad')");
        fails("100051", "22012", "SELECT 1/0");
        fails("100072", "22000", "INSERT INTO T (ID) VALUES (NULL)");
        fails("100078", "22000", "INSERT INTO T (ID, NAME) VALUES (1, 'toolong')");
        fails("002023", "22000", "INSERT INTO T (ID, V) VALUES (1, 'text')");
        fails("002014", "22000", "INSERT INTO T (ID, V) VALUES (1, PARSE_JSON('1'))");
        fails("100038", "22018", "INSERT INTO T (ID, E) SELECT 1, [1,2,3]::ARRAY::VECTOR(FLOAT, 2)");
        warehouse.run("INSERT INTO T (ID) VALUES (1)");
        fails(
                "100090",
                "42P18",
                "MERGE INTO T USING (SELECT 1 AS I UNION ALL SELECT 1) S ON T.ID = S.I WHEN MATCHED THEN UPDATE SET NAME = 'x'");
    }

    @Test
    void namesColumnsAsSnowflakeDoes() {
        assertThat(warehouse.columns("SELECT COUNT(*), id, id + 1, id AS \"x y\", 'a' FROM T GROUP BY id"))
                .extracting(Column::name)
                .isEqualTo(List.of("COUNT(*)", "ID", "ID + 1", "x y", "'A'"));
        assertThat(warehouse.columns("SELECT * FROM T"))
                .extracting(Column::type)
                .isEqualTo(List.of(
                        Types.fixed(10, 0),
                        new ColumnType(ColumnType.Kind.TEXT, 0, 0, 5, false),
                        Types.VARIANT,
                        Types.vector(2, false)));
    }

    @Test
    void tellsJsonNullFromNull() {
        assertThat(warehouse.rows("SELECT V:n IS NULL, V:n::VARCHAR IS NULL, V:x IS NULL, V:a.b[1]::NUMBER, V:s = 'q',"
                        + " V:big::NUMBER(38,0) FROM (SELECT PARSE_JSON('{\"n\":null,\"a\":{\"b\":[1,2]},\"s\":\"q\","
                        + "\"big\":12345678901234567890123456789012345678}') AS V)"))
                .isEqualTo(List.of(List.of(
                        false,
                        true,
                        true,
                        new BigDecimal(2),
                        true,
                        new BigDecimal("12345678901234567890123456789012345678"))));
    }

    @Test
    void insertsArraysOfBinds() {
        String insert =
                "INSERT INTO T (ID, V, E) SELECT COLUMN1, PARSE_JSON(COLUMN2), PARSE_JSON(COLUMN3)::ARRAY::VECTOR(FLOAT, 2)"
                        + " FROM VALUES (?, ?, ?)";
        assertThat(warehouse.session().describe(insert).arrayBindSupported()).isTrue();
        assertThat(warehouse.cell(
                        insert,
                        WarehouseFixture.fixed("1", "2", "3"),
                        WarehouseFixture.text("{\"a\":1}", null, "null"),
                        WarehouseFixture.text("[1,2]", "[3,4.5]", null)))
                .isEqualTo(3L);
        assertThat(warehouse.cell("SELECT COUNT(*) FROM T WHERE V IS NULL")).isEqualTo(1L);
        assertThat((float[]) warehouse.cell("SELECT E FROM T WHERE ID = 2")).containsExactly(3f, 4.5f);
        assertThat(warehouse.cell(
                        "INSERT INTO T (ID, NAME) VALUES (?, ?)",
                        WarehouseFixture.fixed("4", "5"),
                        WarehouseFixture.text("a", "b")))
                .isEqualTo(2L);
    }

    @Test
    void refusesToCommitATransactionOfWhichAStatementFailed() {
        warehouse.run("BEGIN");
        warehouse.run("INSERT INTO T (ID) VALUES (1)");
        fails("000904", "42000", "SELECT NOSUCH FROM T");
        assertThat(warehouse.cell("SELECT COUNT(*) FROM T")).isEqualTo(1L);
        fails("100072", "22000", "INSERT INTO T (ID) VALUES (NULL)");
        fails("099001", "25P02", "COMMIT");
        fails("099001", "25P02", "SELECT 1");
        warehouse.run("ROLLBACK");
        assertThat(warehouse.cell("SELECT COUNT(*) FROM T")).isEqualTo(0L);
    }

    @Test
    void commitsAroundDefinitionsAndRollsBackAtTheEndOfASession() {
        try (SqlSession other = warehouse.open()) {
            warehouse.run(other, "USE SCHEMA D.PUBLIC");
            warehouse.run(other, "BEGIN");
            warehouse.run(other, "INSERT INTO T (ID) VALUES (1)");
            warehouse.run(other, "CREATE TABLE U (A INT)");
            warehouse.run(other, "ALTER SESSION SET AUTOCOMMIT = FALSE");
            warehouse.run(other, "INSERT INTO T (ID) VALUES (2)");
        }
        assertThat(warehouse.rows("SELECT ID FROM T")).isEqualTo(List.of(List.of(BigDecimal.ONE)));
        warehouse.restart();
        warehouse.run("USE SCHEMA D.PUBLIC");
        assertThat(warehouse.rows("SELECT ID FROM T")).isEqualTo(List.of(List.of(BigDecimal.ONE)));
    }

    @Test
    void insertsFromTwoTransactionsAtOnce() {
        try (SqlSession other = warehouse.open()) {
            warehouse.run("BEGIN");
            warehouse.run(other, "BEGIN");
            warehouse.run("INSERT INTO T (ID) VALUES (1)");
            warehouse.run(other, "INSERT INTO D.PUBLIC.T (ID) VALUES (2)");
            warehouse.run("COMMIT");
            warehouse.run(other, "COMMIT");
            assertThat(warehouse.cell("SELECT COUNT(*) FROM T")).isEqualTo(2L);
        }
    }

    @Test
    void refusesTheTwentyFirstWaiter() throws Exception {
        warehouse.run("BEGIN");
        warehouse.run("DELETE FROM T");
        List<CompletableFuture<?>> waiters = new ArrayList<>();
        List<SqlSession> sessions = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            SqlSession session = warehouse.open();
            sessions.add(session);
            CompletableFuture<?> waiter = new CompletableFuture<>();
            waiters.add(waiter);
            new Thread(() -> {
                        try {
                            warehouse.run(session, "DELETE FROM D.PUBLIC.T");
                            waiter.complete(null);
                        } catch (SqlFailure e) {
                            waiter.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        assertThatThrownBy(() -> CompletableFuture.anyOf(waiters.toArray(new CompletableFuture<?>[0]))
                        .get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("20 statements limit");
        warehouse.run("COMMIT");
        int served = 0;
        for (CompletableFuture<?> waiter : waiters) {
            served += waiter.handle((done, failure) -> failure == null ? 1 : 0).get(60, TimeUnit.SECONDS);
        }
        assertThat(served).isEqualTo(20);
        sessions.forEach(SqlSession::close);
    }

    @Test
    void cancelsAWaitAndAQuery() throws Exception {
        for (String sql :
                List.of("DELETE FROM D.PUBLIC.T", "SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 900000000000))")) {
            warehouse.run("BEGIN");
            warehouse.run("DELETE FROM T");
            SqlSession other = warehouse.open();
            CompletableFuture<StatementResult> running = CompletableFuture.supplyAsync(() -> warehouse.run(other, sql));
            while (!running.isDone()) {
                other.cancel();
                Thread.onSpinWait();
            }
            assertThatThrownBy(running::get)
                    .hasCauseInstanceOf(SqlFailure.class)
                    .cause()
                    .extracting("code")
                    .isEqualTo("000604");
            warehouse.run("ROLLBACK");
            assertThat(warehouse.rows(other, "SELECT 1")).isEqualTo(List.of(List.of(1L)));
            other.close();
        }
    }

    @Test
    void scansTheResultOfAnEarlierStatement() {
        warehouse.session().execute("SHOW TABLES", List.of(), "shown");
        WarehouseFixture.rows(warehouse
                .session()
                .execute(
                        "SELECT 1 AS A, PARSE_JSON('[1]') AS B, NULL AS C, DATE '2026-01-02' AS D", List.of(), "id-1"));
        assertThat(warehouse.rows("SELECT A + 1, B[0], C, D FROM TABLE(RESULT_SCAN('id-1'))"))
                .isEqualTo(List.of(Arrays.asList(new BigDecimal(2), "1", null, java.time.LocalDate.of(2026, 1, 2))));
        fails("000710", "02000", "SELECT * FROM TABLE(RESULT_SCAN('nosuch'))");
    }

    @Test
    void loadsAFileOnceUnlessForced() {
        warehouse.run("CREATE STAGE S");
        warehouse.run("CREATE TABLE L (A INT, B VARCHAR)");
        warehouse.stage("D.PUBLIC.S", "x/1.parquet", "SELECT 1 AS a, 'p' AS b UNION ALL SELECT 2, NULL");
        String copy = "COPY INTO L FROM @S/x/ FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE";
        assertThat(warehouse.rows(copy).get(0).get(3)).isEqualTo(2L);
        assertThat(warehouse.rows(copy)).isEqualTo(List.of(List.of("Copy executed with 0 files processed.")));
        assertThat(warehouse.rows(copy + " FORCE = TRUE")).hasSize(1);
        warehouse.run("BEGIN");
        warehouse.run("TRUNCATE TABLE L");
        assertThat(warehouse.rows(copy)).hasSize(1);
        warehouse.run("ROLLBACK");
        assertThat(warehouse.cell("SELECT COUNT(*) FROM L")).isEqualTo(4L);
        assertThat(warehouse.rows(copy).get(0)).hasSize(1);
        fails(
                "091016",
                "22000",
                "COPY INTO L FROM @S FILES = ('no') FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_SENSITIVE");
    }
}
