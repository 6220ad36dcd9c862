package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.sink.Rows.Edition;
import dev.spindrift.pipeline.warehouse.Activation;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.Search;
import dev.spindrift.pipeline.warehouse.SearchableText;
import dev.spindrift.pipeline.warehouse.SqlFile;
import dev.spindrift.pipeline.warehouse.StoredVectors;
import dev.spindrift.pipeline.warehouse.Verification;
import dev.spindrift.pipeline.warehouse.Warehouse;
import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.model.Precision;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The files of {@code sql/}, run as they are. */
class SqlFilesTest {
    private final TestTables tables = TestTables.empty("files");

    @Test
    void setsUpTwiceWithoutLoss() throws Exception {
        commit(Edition.of("a", 1, 1, "one").all());

        try (Connection connection = tables.warehouse().open()) {
            Warehouse.runScript(connection, SqlFile.read("setup.sql"));
        }

        assertThat(tables.rows("SELECT COUNT(*) FROM DOCUMENTS")).containsExactly("1");
        assertThat(tables.rows("SELECT FENCE FROM SINK_FENCE")).containsExactly("DOCUMENTS");
    }

    @Test
    void findsTheNearestChunksFirst() throws Exception {
        List<TableRow> rows =
                new ArrayList<>(Edition.of("a", 1, 1, "one", "two").all());
        rows.addAll(Edition.of("b", 1, 2, "three").all());
        commit(rows);

        List<Search.Hit> hits = search("two", null, 2);

        assertThat(hits).hasSize(2);
        assertThat(hits.get(0).documentId()).isEqualTo("a");
        assertThat(hits.get(0).position()).isEqualTo(1);
        assertThat(hits.get(0).text()).isEqualTo("two");
        assertThat(hits.get(0).similarity()).isBetween(0.999, 1.001);
        assertThat(hits.get(1).similarity()).isLessThan(hits.get(0).similarity());
    }

    @Test
    void searchesOnlyDocumentsThatCarryTheField() throws Exception {
        commit(Edition.of("a", 1, 1, "one").all());

        assertThat(search("one", new Search.Filter("language", "en"), 5)).hasSize(1);
        assertThat(search("one", new Search.Filter("language", "de"), 5)).isEmpty();
        assertThat(search("one", new Search.Filter("team", "en"), 5)).isEmpty();
    }

    @Test
    void refusesAVectorOfAnotherLength() {
        assertThatThrownBy(() -> {
                    try (Connection connection = tables.warehouse().open()) {
                        Search.run(connection, TestTables.MODEL, new float[3], null, 1);
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256");
    }

    @Test
    void countsWhatBreaksEachInvariant() throws Exception {
        commit(Edition.of("a", 1, 1, "one", "two").all());
        tables.execute("DELETE FROM CHUNKS WHERE POSITION = 0");
        tables.execute("DELETE FROM EMBEDDINGS_BUILTIN");
        tables.execute("INSERT INTO SINK_LEDGER SELECT * FROM SINK_LEDGER");
        tables.execute("INSERT INTO DOCUMENTS SELECT * FROM DOCUMENTS");

        try (Connection connection = tables.warehouse().open()) {
            assertThat(Verification.run(connection, TestTables.MODEL).values()).containsExactly(1L, 1L, 0L, 1L, 3L);
        }
    }

    @Test
    void readsEachDistinctTextOnceAndItsVectorExactly() throws Exception {
        List<TableRow> rows =
                new ArrayList<>(Edition.of("a", 1, 1, "shared", "one").all());
        rows.addAll(Edition.of("b", 1, 2, "shared").all());
        commit(rows);

        try (Connection connection = tables.warehouse().open()) {
            assertThat(SearchableText.readAll(connection))
                    .containsExactlyInAnyOrder(
                            new SearchableText(Fingerprint.of("shared"), "shared", List.of("a", "b")),
                            new SearchableText(Fingerprint.of("one"), "one", List.of("a")));
            assertThat(StoredVectors.searchable(connection, TestTables.MODEL))
                    .containsOnlyKeys(Fingerprint.of("shared"), Fingerprint.of("one"))
                    .containsEntry(Fingerprint.of("one"), vector("one"));
            assertThat(StoredVectors.searchable(connection, new ModelTable("unknown", "f", 3, Precision.FP32)))
                    .isEmpty();
        }
    }

    @Test
    void putsAnotherModelInPlaceOfTheBuiltinOne() {
        ModelTable other = new ModelTable("BAAI/bge-small-en-v1.5", "f", 384, Precision.FP32);

        assertThat(SqlFile.read("verify.sql", other))
                .contains("EMBEDDINGS_BAAI_BGE_SMALL_EN_V1_5 e")
                .doesNotContain("EMBEDDINGS_BUILTIN e");
        assertThat(SqlFile.read("search.sql", other)).contains("VECTOR(FLOAT, 384)");
    }

    @Test
    void makesAnotherModelTheActiveOneOnceItIsWhole() throws Exception {
        commit(Edition.of("a", 1, 1, "one").all());
        ModelTable other = new ModelTable("other", "f2", Rows.DIMENSION, Precision.FP32);
        try (Connection connection = tables.warehouse().open()) {
            assertThatThrownBy(() -> Activation.run(connection, other)).hasMessageContaining("no job");
            try (Connection sink = tables.warehouse().open()) {
                new SinkTables(tables.settings(), other).prepare(sink, TestTables.GOLDEN);
            }
            assertThatThrownBy(() -> Activation.run(connection, other)).hasMessageContaining("1 chunks");
            tables.execute("INSERT INTO EMBEDDINGS_OTHER SELECT * FROM EMBEDDINGS_BUILTIN");

            Activation.run(connection, other);

            assertThat(tables.rows("SELECT TABLE_NAME, STATUS FROM MODELS ORDER BY 1"))
                    .containsExactly("EMBEDDINGS_BUILTIN|RETIRED", "EMBEDDINGS_OTHER|ACTIVE");
            tables.execute("DELETE FROM EMBEDDINGS_BUILTIN");
            assertThat(search("one", null, 1)).hasSize(1);
            tables.execute("INSERT INTO EMBEDDINGS_BUILTIN SELECT * FROM EMBEDDINGS_OTHER");
            Activation.run(connection, TestTables.MODEL);
            assertThat(search("one", null, 1)).hasSize(1);
        }
    }

    @Test
    void definesTheViewAlikeAtSetupAndActivation() {
        String setup = SqlFile.read("setup.sql");
        String activate = SqlFile.read("activate.sql");
        String select = activate.substring(
                activate.indexOf("  SELECT"), activate.indexOf(";\nUPDATE MODELS SET STATUS = 'RETIRED'"));

        assertThat(setup).contains("CREATE VIEW IF NOT EXISTS SEARCHABLE_CHUNKS AS\n" + select + ";");
    }

    @Test
    void tearsDownWhatItSetUp() throws Exception {
        try (Connection connection = tables.warehouse().open()) {
            Warehouse.runScript(connection, SqlFile.read("teardown.sql"));

            assertThatThrownBy(() -> connection.createStatement().executeQuery("SELECT 1 FROM SPINDRIFT.PUBLIC.CHUNKS"))
                    .isInstanceOf(SQLException.class);
            Warehouse.runScript(connection, SqlFile.read("setup.sql"));
        }
    }

    private void commit(List<TableRow> rows) throws Exception {
        try (Connection connection = tables.warehouse().open()) {
            new CommitTransaction(tables.settings(), TestTables.MODEL).run(connection, 1, tables.stage(1, rows));
        }
    }

    private List<Search.Hit> search(String text, Search.@Nullable Filter filter, int limit) throws Exception {
        try (Connection connection = tables.warehouse().open()) {
            return Search.run(connection, TestTables.MODEL, vector(text), filter, limit);
        }
    }

    private static float[] vector(String text) {
        return Objects.requireNonNull(Rows.vector(text).embedding()).embedding();
    }
}
