package dev.spindrift.pipeline.cli;

import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.SqlFile;
import dev.spindrift.pipeline.warehouse.Warehouse;
import java.sql.Connection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "setup",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = {
            "Makes the tables, the stage, the roles and the view (sql/setup.sql). What is there stays as it is.",
            "On Snowflake the user must be allowed to create roles, warehouses and databases; the job's user need not."
        })
final class SetupCommand implements Callable<Integer> {
    @Mixin
    private GivenConfig given = new GivenConfig();

    @Override
    public Integer call() throws Exception {
        ModelTable model = given.modelTable();
        try (Connection connection = new Warehouse(given.warehouse(), "spindrift setup").open()) {
            Warehouse.runScript(connection, SqlFile.read("setup.sql", model));
        }
        System.out.println("The tables are there: " + given.warehouse());
        return 0;
    }
}
