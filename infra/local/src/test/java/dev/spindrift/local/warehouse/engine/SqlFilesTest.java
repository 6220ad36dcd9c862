package dev.spindrift.local.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlFilesTest {
    @TempDir
    private Path folder;

    @Test
    void setsUpTwiceVerifiesSearchesAndTearsDown() {
        try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
            warehouse.script("setup.sql");
            warehouse.script("setup.sql");
            assertThat(warehouse.cell("SELECT COUNT(*) FROM SINK_FENCE")).isEqualTo(1L);
            for (String statement : warehouse.session().split(WarehouseFixture.sqlFile("verify.sql"))) {
                assertThat(warehouse.cell(statement)).isEqualTo(0L);
            }
            String search = warehouse
                    .session()
                    .split(WarehouseFixture.sqlFile("search.sql"))
                    .get(0);
            assertThat(warehouse.session().describe(search).numberOfBinds()).isEqualTo(4);
            String vector = "[" + "0.5,".repeat(255) + "1]";
            assertThat(warehouse.rows(
                            search,
                            WarehouseFixture.text(vector),
                            new Bind("ANY", java.util.Collections.singletonList(null), false),
                            WarehouseFixture.text("x"),
                            WarehouseFixture.fixed("10")))
                    .isEmpty();
            warehouse.script("teardown.sql");
            assertThat(warehouse.rows("SHOW DATABASES")).isEqualTo(List.of());
        }
    }
}
