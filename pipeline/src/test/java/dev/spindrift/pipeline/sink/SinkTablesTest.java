package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.warehouse.ModelTable;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

class SinkTablesTest {
    private final TestTables tables = TestTables.empty("starting");

    @Test
    void registersTheFirstModelAsActiveAndOthersAsBuilding() throws Exception {
        tables.execute("DELETE FROM MODELS");
        prepare(TestTables.MODEL);
        prepare(TestTables.MODEL);
        prepare(new ModelTable("other", "f0", 3));

        assertThat(tables.rows("SELECT TABLE_NAME, DIMENSION, STATUS FROM MODELS ORDER BY 1"))
                .containsExactly("EMBEDDINGS_BUILTIN|256|ACTIVE", "EMBEDDINGS_OTHER|3|BUILDING");
    }

    @Test
    void refusesATableThatHoldsAnotherModelsVectors() throws Exception {
        prepare(TestTables.MODEL);

        assertThatThrownBy(() -> prepare(new ModelTable("builtin", "another", 256)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("EMBEDDINGS_BUILTIN")
                .hasMessageContaining("embed.model");
    }

    @Test
    void saysThatSetupWasNotRun() throws Exception {
        TestTables elsewhere = tables.inSchema("ELSEWHERE");

        try (Connection connection = elsewhere.warehouse().open()) {
            assertThatThrownBy(() -> new SinkTables(elsewhere.settings(), TestTables.MODEL).prepare(connection))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("sql/setup.sql");
        }
    }

    private void prepare(ModelTable model) throws Exception {
        try (Connection connection = tables.warehouse().open()) {
            new SinkTables(tables.settings(), model).prepare(connection);
        }
    }
}
