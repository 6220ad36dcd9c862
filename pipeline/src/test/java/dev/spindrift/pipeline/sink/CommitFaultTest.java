package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.sink.Rows.Edition;
import dev.spindrift.pipeline.warehouse.Session;
import dev.spindrift.pipeline.warehouse.Verification;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Breaks a commit at every statement in turn; whatever broke, trying again gives what an unbroken commit gives. */
class CommitFaultTest {
    private final TestTables tables = TestTables.empty("faulty");
    private final CommitTransaction transaction = new CommitTransaction(tables.settings(), TestTables.MODEL);

    @ParameterizedTest
    @EnumSource(FaultyConnections.Kind.class)
    void hasOneEffectWhereverItBreaks(FaultyConnections.Kind kind) throws Exception {
        List<StagedFile> previous = tables.stage(1, previousRows());
        List<StagedFile> files = tables.stage(2, rows());
        commitUnbroken(previous);
        FaultyConnections counting = new FaultyConnections(tables.warehouse(), Integer.MAX_VALUE, kind);
        commit(counting, files);
        List<String> unbroken = tables.dump();
        int statements = counting.statements();
        assertThat(statements).isGreaterThan(12);

        for (int broken = 1; broken <= statements; broken++) {
            tables.clearRows();
            commitUnbroken(previous);
            FaultyConnections connections = new FaultyConnections(tables.warehouse(), broken, kind);
            commit(connections, files);

            assertThat(connections.broke())
                    .as("statement %d of %d", broken, statements)
                    .isTrue();
            assertThat(tables.dump())
                    .as("statement %d of %d broke", broken, statements)
                    .isEqualTo(unbroken);
        }
        try (Connection connection = tables.warehouse().open()) {
            assertThat(Verification.run(connection, TestTables.MODEL).values()).containsOnly(0L);
        }
    }

    private static List<TableRow> previousRows() {
        List<TableRow> rows =
                new ArrayList<>(Edition.of("a", 1, 1, "one", "two").all());
        rows.addAll(Edition.of("b", 1, 2, "three").all());
        return rows;
    }

    /** Something of everything. */
    private static List<TableRow> rows() {
        List<TableRow> rows =
                new ArrayList<>(Edition.of("a", 2, 3, "one", "other").all());
        rows.add(Edition.of("b", 2, 4).deletion());
        rows.addAll(Edition.of("c", 1, 5, "four", "one").all());
        rows.add(Rows.rejection("d", "none", 6));
        return rows;
    }

    private void commitUnbroken(List<StagedFile> files) throws Exception {
        try (Connection connection = tables.warehouse().open()) {
            transaction.run(connection, 1, files);
        }
    }

    /** Commits through the session that tries again. */
    private void commit(FaultyConnections connections, List<StagedFile> files) throws Exception {
        ManualClock clock = new ManualClock();
        try (Session session = new Session(connections, Duration.ofMinutes(1), clock, clock::advanceTime)) {
            session.run("commit", connection -> transaction.run(connection, 2, files));
        }
    }
}
