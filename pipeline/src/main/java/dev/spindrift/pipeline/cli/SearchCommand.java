package dev.spindrift.pipeline.cli;

import dev.spindrift.pipeline.warehouse.ErrorCodes;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.RegisteredModel;
import dev.spindrift.pipeline.warehouse.Search;
import dev.spindrift.pipeline.warehouse.Warehouse;
import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.Models;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = "Prints the chunks nearest to a text (sql/search.sql), nearest first.")
final class SearchCommand implements Callable<Integer> {
    private static final int PASSAGE = 240;

    @Parameters(paramLabel = "TEXT", description = "What to look for.")
    private String text = "";

    @Option(names = "-k", defaultValue = "10", description = "How many chunks. Default: ${DEFAULT-VALUE}.")
    private int k;

    @Option(
            names = "--where",
            paramLabel = "FIELD=VALUE",
            description = "Only documents whose metadata has this field with this value.")
    private @Nullable String where;

    @Mixin
    private GivenConfig given = new GivenConfig();

    @Override
    public Integer call() throws Exception {
        if (text.isBlank() || k < 1) {
            throw new CommandFailedException(
                    "Cannot search for " + k + " chunks near a blank text: give a text, and -k of at least 1.");
        }
        Search.Filter filter = filter();
        try (EmbeddingModel model = Models.open(given.model(), "cpu");
                Connection connection = new Warehouse(given.warehouse(), "spindrift search").open()) {
            ModelTable table = ModelTable.of(model.info());
            checkActive(connection, table);
            List<Search.Hit> hits = Search.run(connection, table, model.embedQuery(text), filter, k);
            hits.forEach(SearchCommand::print);
            if (hits.isEmpty()) {
                System.out.println("No chunk is there to be found.");
            }
        }
        return 0;
    }

    /** A query's vector means nothing among those of another model, though it may be as long as they are. */
    private static void checkActive(Connection connection, ModelTable model) throws SQLException {
        try {
            RegisteredModel registered = RegisteredModel.find(connection, model).orElse(null);
            if (registered == null || !registered.isActive()) {
                throw new CommandFailedException("Cannot search with model " + model.modelId() + ": it is "
                        + (registered == null ? "not in MODELS" : registered.status())
                        + ". Search with the ACTIVE one, submit a job with this one if there is none, or switch with"
                        + " ./spindrift activate.");
            }
        } catch (SQLException e) {
            // Who may only read the view has to know its model.
            if (e.getErrorCode() != ErrorCodes.MISSING_OBJECT) {
                throw e;
            }
        }
    }

    private Search.@Nullable Filter filter() {
        if (where == null) {
            return null;
        }
        int equals = where.indexOf('=');
        if (equals < 1) {
            throw new CommandFailedException("Cannot filter by " + where + ": give --where field=value.");
        }
        return new Search.Filter(where.substring(0, equals), where.substring(equals + 1));
    }

    /** One hit: similarity, document and place, then the beginning of the passage. */
    static void print(Search.Hit hit) {
        String passage = hit.text().strip().replaceAll("\\s+", " ");
        if (passage.codePointCount(0, passage.length()) > PASSAGE) {
            passage = passage.substring(0, passage.offsetByCodePoints(0, PASSAGE)) + " ...";
        }
        System.out.printf(
                "%.3f  %s#%d%s%n       %s%n",
                hit.similarity(),
                hit.documentId(),
                hit.position(),
                hit.heading().isEmpty() ? "" : "  (" + hit.heading() + ")",
                passage);
    }
}
