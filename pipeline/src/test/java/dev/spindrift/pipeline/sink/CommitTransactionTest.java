package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.sink.Rows.Edition;
import dev.spindrift.pipeline.warehouse.Search;
import dev.spindrift.pipeline.warehouse.Verification;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commit protocol through the real driver against a running warehouse. */
class CommitTransactionTest {
    private final TestTables tables = TestTables.empty("committer");
    private final CommitTransaction transaction = new CommitTransaction(tables.settings(), TestTables.MODEL);
    private Connection connection;

    @BeforeEach
    void connect() throws Exception {
        connection = tables.warehouse().open();
    }

    /** Whatever a test did, the tables are whole. */
    @AfterEach
    void verify() throws Exception {
        try (Connection own = tables.warehouse().open()) {
            assertThat(Verification.run(own, TestTables.MODEL))
                    .hasSize(5)
                    .allSatisfy((invariant, broken) ->
                            assertThat(broken).as(invariant).isZero());
        }
        connection.close();
    }

    @Test
    void commitsEachCheckpointOnce() throws Exception {
        CommitOutcome first = commit(1, Edition.of("a", 1, 1, "one", "two").all());
        CommitOutcome second = commit(2, Edition.of("b", 1, 2, "two", "three").all());

        assertThat(first.documents()).isEqualTo(1);
        assertThat(first.chunks()).isEqualTo(2);
        assertThat(first.vectors()).isEqualTo(2);
        assertThat(second.vectors()).as("'two' is there already").isEqualTo(1);
        assertThat(tables.rows("SELECT DOCUMENT_ID, CHECKPOINT_ID FROM DOCUMENTS ORDER BY 1"))
                .containsExactly("a|1", "b|2");
        assertThat(searchable()).containsExactly("a|0|one", "a|1|two", "b|0|two", "b|1|three");
        assertThat(tables.rows("SELECT COUNT(*), COUNT(DISTINCT FILE_NAME) FROM SINK_LEDGER"))
                .containsExactly("6|6");
    }

    @Test
    void changesNothingWhenItIsReplayed() throws Exception {
        List<StagedFile> files =
                tables.stage(1, Edition.of("a", 1, 1, "one", "two").all());
        transaction.run(connection, 1, files);
        List<String> before = tables.dump();

        CommitOutcome replay = transaction.run(connection, 1, files);

        assertThat(replay.files()).isZero();
        assertThat(replay.alreadyCommitted()).hasSize(files.size());
        assertThat(tables.dump()).isEqualTo(before);
    }

    @Test
    void commitsTheFilesThatAreNewAmongOldOnes() throws Exception {
        List<StagedFile> old = tables.stage(1, Edition.of("a", 1, 1, "one").all());
        transaction.run(connection, 1, old);
        List<StagedFile> both = new ArrayList<>(old);
        both.addAll(tables.stage(1, Edition.of("b", 1, 2, "two").all()));

        CommitOutcome outcome = transaction.run(connection, 1, both);

        assertThat(outcome.files()).isEqualTo(3);
        assertThat(searchable()).containsExactly("a|0|one", "b|0|two");
    }

    @Test
    void takesACheckpointsNumberAgainAfterARewind() throws Exception {
        commit(1, Edition.of("a", 1, 1, "one").all());
        commit(2, Edition.of("b", 1, 2, "two").all());

        // Rewound to before checkpoint 2: the same records come in other files, and more of them.
        List<TableRow> again = new ArrayList<>(Edition.of("b", 1, 2, "two").all());
        again.addAll(Edition.of("c", 1, 3, "three").all());
        CommitOutcome outcome = commit(2, again);

        assertThat(outcome.documents()).isEqualTo(1);
        assertThat(outcome.superseded()).isEqualTo(1);
        assertThat(searchable()).containsExactly("a|0|one", "b|0|two", "c|0|three");
    }

    @Test
    void replacesAllChunksOfADocumentAtOnce() throws Exception {
        commit(1, Edition.of("a", 1, 1, "one", "two", "three").all());

        commit(2, Edition.of("a", 2, 2, "one", "other").all());

        assertThat(searchable()).containsExactly("a|0|one", "a|1|other");
        assertThat(tables.rows("SELECT COUNT(*) FROM CHUNKS")).containsExactly("2");
        assertThat(tables.rows("SELECT COUNT(*) FROM EMBEDDINGS_BUILTIN")).containsExactly("4");
    }

    @Test
    void neverReplacesANewerVersionWithAnOlderOne() throws Exception {
        commit(1, Edition.of("a", 5, 1, "new").all());

        CommitOutcome outcome =
                commit(2, Edition.of("a", 4, 2, "old", "old too").all());

        assertThat(outcome.documents()).isZero();
        assertThat(outcome.superseded()).isEqualTo(1);
        assertThat(searchable()).containsExactly("a|0|new");
        assertThat(tables.rows("SELECT COUNT(*) FROM CHUNKS")).containsExactly("1");
    }

    @Test
    void letsTheLaterRecordWinAmongEqualVersions() throws Exception {
        commit(1, Edition.of("a", 1, 7, "first").all());
        commit(2, Edition.of("a", 1, 9, "second").all());
        commit(3, Edition.of("a", 1, 8, "between").all());

        assertThat(searchable()).containsExactly("a|0|second");
        assertThat(tables.rows("SELECT COUNT(*) FROM CHUNKS")).containsExactly("1");
    }

    @Test
    void takesTheNewestOfSeveralVersionsInOneCheckpoint() throws Exception {
        List<TableRow> rows = new ArrayList<>();
        for (int version : new int[] {2, 5, 3}) {
            rows.addAll(Edition.of("a", version, version, "text " + version, "more " + version)
                    .all());
        }

        CommitOutcome outcome = commit(1, rows);

        assertThat(outcome.documents()).isEqualTo(1);
        assertThat(outcome.superseded()).isEqualTo(2);
        assertThat(searchable()).containsExactly("a|0|text 5", "a|1|more 5");
        assertThat(tables.rows("SELECT COUNT(*) FROM CHUNKS")).containsExactly("2");
    }

    @Test
    void removesADeletedDocumentAndDoesNotBringItBack() throws Exception {
        commit(1, Edition.of("a", 1, 1, "one", "two").all());

        commit(2, List.of(Edition.of("a", 3, 3).deletion()));
        commit(3, Edition.of("a", 2, 2, "late").all());

        assertThat(searchable()).isEmpty();
        assertThat(tables.rows("SELECT DOCUMENT_ID, VERSION, DELETED FROM DOCUMENTS"))
                .containsExactly("a|3|true");
        assertThat(tables.rows("SELECT COUNT(*) FROM CHUNKS")).containsExactly("0");
    }

    @Test
    void bringsADeletedDocumentBackWithANewerVersion() throws Exception {
        commit(1, List.of(Edition.of("a", 3, 3).deletion()));
        commit(2, Edition.of("a", 4, 4, "again").all());

        assertThat(searchable()).containsExactly("a|0|again");
    }

    @Test
    void doesNotKeepLateChunksOfAReplacedEdition() throws Exception {
        Edition old = Edition.of("a", 1, 1, "one", "two");
        commit(1, old.vectors());
        commit(2, Edition.of("a", 2, 2, "new").all());

        commit(3, old.chunks());

        assertThat(tables.rows("SELECT COUNT(*) FROM CHUNKS")).containsExactly("1");
    }

    @Test
    void keepsTheChunksOfANewerEditionThatIsStillArriving() throws Exception {
        Edition arriving = Edition.of("a", 3, 3, "one", "two");
        commit(1, Edition.of("a", 1, 1, "old").all());
        List<TableRow> early = new ArrayList<>(arriving.vectors());
        early.addAll(arriving.chunks().subList(0, 1));
        commit(2, early);
        commit(3, Edition.of("a", 2, 2, "between").all());

        commit(4, List.of(arriving.chunks().get(1), arriving.document()));

        assertThat(searchable()).containsExactly("a|0|one", "a|1|two");
        assertThat(tables.rows("SELECT COUNT(*) FROM CHUNKS")).containsExactly("2");
    }

    @Test
    void keepsTheChunksOfAnEditionThatComesBack() throws Exception {
        commit(1, Edition.of("a", 1, 1, "A").all());
        Edition other = Edition.of("a", 1, 2, "B");
        Edition back = Edition.of("a", 1, 3, "A");
        List<TableRow> rows = new ArrayList<>(other.vectors());
        rows.addAll(other.chunks());
        rows.addAll(back.chunks());
        commit(2, rows);

        commit(3, List.of(other.document()));
        assertThat(searchable()).containsExactly("a|0|B");

        commit(4, List.of(back.document()));
        assertThat(searchable()).containsExactly("a|0|A");
    }

    @Test
    void insertsAVectorThatComesManyTimesOnce() throws Exception {
        List<TableRow> rows = List.of(Rows.vector("t"), Rows.vector("t"), Rows.vector("t"));
        commit(1, rows);
        commit(2, rows);

        assertThat(tables.rows("SELECT COUNT(*) FROM EMBEDDINGS_BUILTIN")).containsExactly("1");
    }

    @Test
    void storesVectorsExactly() throws Exception {
        commit(1, Edition.of("a", 1, 1, "one").all());
        float[] vector = Objects.requireNonNull(Rows.vector("one").embedding()).embedding();

        List<Search.Hit> hits = Search.run(connection, TestTables.MODEL, vector, null, 5);

        assertThat(hits).hasSize(1);
        assertThat(hits.get(0).similarity()).isGreaterThan(0.9999);
        connection.rollback();
    }

    @Test
    void writesARejectionOnceAndRemovesItsChunks() throws Exception {
        Edition bad = Edition.of("a", 1, 1, "one", "two");
        List<TableRow> rows = new ArrayList<>(bad.vectors());
        rows.addAll(bad.chunks());
        commit(1, rows);
        List<TableRow> rejection = List.of(Rows.rejection("a", bad.edition(), 1));

        assertThat(commit(2, rejection).rejected()).isEqualTo(1);
        assertThat(commit(3, rejection).rejected()).isZero();

        assertThat(tables.rows("SELECT DOCUMENT_ID, STAGE, PAYLOAD, PAYLOAD_ENCODING, CHECKPOINT_ID"
                        + " FROM REJECTED_DOCUMENTS"))
                .containsExactly("a|embed|not a document|utf-8|2");
        assertThat(tables.rows("SELECT COUNT(*) FROM CHUNKS")).containsExactly("0");
    }

    @Test
    void keepsTheChunksOfTheCurrentEditionWhenItIsRejectedOnAReplay() throws Exception {
        Edition current = Edition.of("a", 1, 1, "one");
        commit(1, current.all());

        commit(2, List.of(Rows.rejection("a", current.edition(), 1)));

        assertThat(searchable()).containsExactly("a|0|one");
    }

    @Test
    void failsWhenAFileBringsAnotherNumberOfRows() throws Exception {
        List<StagedFile> files = tables.stage(1, Edition.of("a", 1, 1, "one").all()).stream()
                .map(f -> new StagedFile(f.table(), f.name(), f.rows() + 1, f.bytes(), f.checkpointId()))
                .toList();

        assertThatThrownBy(() -> transaction.run(connection, 1, files))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its writer wrote 2");
        assertThat(tables.rows("SELECT COUNT(*) FROM SINK_LEDGER")).containsExactly("0");
        assertThat(tables.rows("SELECT COUNT(*) FROM EMBEDDINGS_BUILTIN")).containsExactly("0");
    }

    @Test
    void failsWhenAFileIsNotThere() throws Exception {
        List<StagedFile> files =
                new ArrayList<>(tables.stage(1, Edition.of("a", 1, 1, "one").all()));
        StagedFile gone = files.get(0);
        new Stage(tables.settings()).remove(connection, List.of(gone.name()));

        assertThatThrownBy(() -> transaction.run(connection, 1, files)).isInstanceOf(Exception.class);
        assertThat(tables.rows("SELECT COUNT(*) FROM SINK_LEDGER")).containsExactly("0");
        assertThat(tables.rows("SELECT COUNT(*) FROM DOCUMENTS")).containsExactly("0");
    }

    @Test
    void letsTwoCommittersOfTheSameFilesTakeTurns() throws Exception {
        List<StagedFile> files =
                tables.stage(1, Edition.of("a", 1, 1, "one", "two").all());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<CommitOutcome>> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                both.add(threads.submit(() -> {
                    try (Connection own = tables.warehouse().open()) {
                        return transaction.run(own, 1, files);
                    }
                }));
            }
            List<Integer> committed =
                    List.of(both.get(0).get().files(), both.get(1).get().files());
            assertThat(committed).containsExactlyInAnyOrder(0, files.size());
        } finally {
            threads.shutdownNow();
        }
        assertThat(searchable()).containsExactly("a|0|one", "a|1|two");
    }

    @Test
    void outlivesACommitterThatDiedWithTheFence() throws Exception {
        List<StagedFile> files = tables.stage(1, Edition.of("a", 1, 1, "one").all());
        try (Connection dead = tables.warehouse().open()) {
            dead.setAutoCommit(false);
            dead.createStatement().executeUpdate("UPDATE SINK_FENCE SET HOLDER = 'dead' WHERE FENCE = 'DOCUMENTS'");

            transaction.run(connection, 1, files);

            assertThat(searchable()).containsExactly("a|0|one");
            dead.rollback();
        }
    }

    @Test
    void keepsTwoJobsOnTheSameTablesApart() throws Exception {
        TestTables other = tables.ofJob("backfill");
        CommitTransaction otherTransaction = new CommitTransaction(other.settings(), TestTables.MODEL);
        List<StagedFile> theirs =
                other.stage(1, Edition.of("a", 1, 1, "one", "two").all());
        List<StagedFile> ours =
                tables.stage(1, Edition.of("a", 1, 1, "one", "two").all());

        otherTransaction.run(connection, 1, theirs);
        transaction.run(connection, 1, ours);

        assertThat(searchable()).containsExactly("a|0|one", "a|1|two");
        assertThat(tables.rows("SELECT JOB, COUNT(*) FROM SINK_LEDGER GROUP BY JOB ORDER BY JOB"))
                .containsExactly("backfill|3", "committer|3");
    }

    private CommitOutcome commit(long checkpoint, List<TableRow> rows) throws Exception {
        return transaction.run(connection, checkpoint, tables.stage(checkpoint, rows));
    }

    private List<String> searchable() throws Exception {
        return tables.rows("SELECT DOCUMENT_ID, POSITION, TEXT FROM SEARCHABLE_CHUNKS ORDER BY 1, 2");
    }
}
