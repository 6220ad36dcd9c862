package dev.spindrift.pipeline.cli;

import dev.spindrift.pipeline.warehouse.Activation;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.Warehouse;
import java.sql.Connection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "activate",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = {
            "Makes the model of embed.model the one whose vectors SEARCHABLE_CHUNKS shows (sql/activate.sql), once its"
                    + " table has a vector for every chunk.",
            "The user needs the role that ran setup."
        })
final class ActivateCommand implements Callable<Integer> {
    @Mixin
    private GivenConfig given = new GivenConfig();

    @Override
    public Integer call() throws Exception {
        ModelTable model = given.modelTable();
        try (Connection connection = new Warehouse(given.warehouse(), "spindrift activate").open()) {
            Activation.run(connection, model);
        }
        System.out.println("SEARCHABLE_CHUNKS shows the vectors of " + model.modelId() + " in " + model.name());
        return 0;
    }
}
