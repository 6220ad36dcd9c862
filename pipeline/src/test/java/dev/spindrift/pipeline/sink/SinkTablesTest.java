package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.warehouse.GoldenVectors;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.OtherVectorsException;
import dev.spindrift.udf.model.Precision;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;

class SinkTablesTest {
    private final TestTables tables = TestTables.empty("starting");

    @Test
    void registersTheFirstModelAsActiveAndOthersAsBuilding() throws Exception {
        tables.execute("DELETE FROM MODELS");
        prepare(TestTables.MODEL);
        prepare(TestTables.MODEL);
        prepare(new ModelTable("other", "f0", 3, Precision.BF16));

        assertThat(tables.rows("SELECT TABLE_NAME, DIMENSION, PRECISION, STATUS FROM MODELS ORDER BY 1"))
                .containsExactly("EMBEDDINGS_BUILTIN|256|fp32|ACTIVE", "EMBEDDINGS_OTHER|3|bf16|BUILDING");
    }

    @Test
    void refusesATableThatHoldsAnotherModelsVectors() throws Exception {
        prepare(TestTables.MODEL);

        assertThatThrownBy(() -> prepare(new ModelTable("builtin", "another", 256, Precision.BF16)))
                .isInstanceOf(OtherVectorsException.class)
                .hasMessageContaining("EMBEDDINGS_BUILTIN")
                .hasMessageContaining("256, fp32")
                .hasMessageContaining("256, bf16")
                .hasMessageContaining("embed.model");
    }

    @Test
    void refusesAModelThatGivesOtherVectorsHere() throws Exception {
        prepare(TestTables.MODEL);

        assertThatThrownBy(() -> prepare(TestTables.MODEL, golden("another build", 0.6f, 0.8001f)))
                .isInstanceOf(OtherVectorsException.class)
                .hasMessageContaining("EMBEDDINGS_BUILTIN")
                .hasMessageContaining("4.8e-05")
                .hasMessageContaining("Here: another build. Before: a test.")
                .hasMessageContaining("embed.model")
                .hasMessageContaining("GOLDEN");
        prepare(TestTables.MODEL, golden("another build", 0.6f, 0.800001f));
        assertThat(tables.rows("SELECT GOLDEN FROM MODELS")).containsExactly(TestTables.GOLDEN.json());
    }

    @Test
    void takesGoldenVectorsAnewWhenTheyWereTakenAway() throws Exception {
        prepare(TestTables.MODEL);
        tables.execute("UPDATE MODELS SET GOLDEN = NULL");
        GoldenVectors others = golden("another build", 0.8f, 1 / 3f);

        prepare(TestTables.MODEL, others);

        assertThat(tables.rows("SELECT GOLDEN, STATUS FROM MODELS")).containsExactly(others.json() + "|ACTIVE");
        prepare(TestTables.MODEL, others);
    }

    @Test
    void saysThatSetupWasNotRun() throws Exception {
        TestTables elsewhere = tables.inSchema("ELSEWHERE");

        try (Connection connection = elsewhere.warehouse().open()) {
            assertThatThrownBy(() -> new SinkTables(elsewhere.settings(), TestTables.MODEL)
                            .prepare(connection, TestTables.GOLDEN))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("sql/setup.sql");
        }
    }

    private void prepare(ModelTable model) throws Exception {
        prepare(model, TestTables.GOLDEN);
    }

    private static GoldenVectors golden(String madeBy, float... vector) {
        return new GoldenVectors(madeBy, List.of(vector));
    }

    private void prepare(ModelTable model, GoldenVectors golden) throws Exception {
        try (Connection connection = tables.warehouse().open()) {
            new SinkTables(tables.settings(), model).prepare(connection, golden);
        }
    }
}
