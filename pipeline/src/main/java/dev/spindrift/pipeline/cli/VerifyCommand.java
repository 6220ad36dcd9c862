package dev.spindrift.pipeline.cli;

import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.Verification;
import dev.spindrift.pipeline.warehouse.Warehouse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = {
            "Checks the five invariants of the tables in SQL (sql/verify.sql), one line each.",
            "Exit code 0 if all hold, 1 if one is broken."
        })
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private GivenConfig given = new GivenConfig();

    @Override
    public Integer call() throws Exception {
        ModelTable model = given.modelTable();
        try (Connection connection = new Warehouse(given.warehouse(), "spindrift verify").open()) {
            return verify(connection, model) ? 0 : 1;
        }
    }

    /** Prints a line for each invariant; true if all hold. */
    static boolean verify(Connection connection, ModelTable model) throws SQLException {
        Map<String, Long> broken = Verification.run(connection, model);
        broken.forEach((what, count) -> System.out.printf("%-7s%d %s%n", count == 0 ? "ok" : "BROKEN", count, what));
        return broken.values().stream().allMatch(count -> count == 0);
    }
}
