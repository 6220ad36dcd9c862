package dev.spindrift.pipeline.cli;

import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        synopsisSubcommandLabel = "(info | pull)",
        description = "Shows models, and downloads them.")
final class ModelCommand {
    private static final long MEGABYTE = 1_000_000;

    @Command(
            name = "info",
            mixinStandardHelpOptions = true,
            description = "Prints what tells a model from any other. Downloads it if it is a hub's and not here yet.")
    int info(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "MODEL",
                            description = "As embed.model names it. Default: embed.model.")
                    @Nullable
                    String model,
            @Mixin GivenConfig given) {
        ModelSettings configured = given.model();
        ModelSettings settings =
                model == null ? configured : new ModelSettings(model, configured.precision(), configured.dimension());
        if (model != null) {
            pulled(model);
        }
        ModelInfo info = Models.info(settings);
        print("model", info.id());
        print("source", Models.pin(settings.model()));
        print("fingerprint", info.fingerprint());
        print("dimension", info.dimension());
        print("max tokens", info.maxTokens());
        print("precision", info.precision());
        print("table", ModelTable.of(info).name());
        return 0;
    }

    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            description = {
                "Downloads a model from a Hugging Face hub, unless it is here already, and prints its name with the"
                        + " commit: the value for embed.model.",
                "HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and HTTPS_PROXY are heeded."
            })
    int pull(
            @Parameters(paramLabel = "ID[@REVISION]", description = "Such as sentence-transformers/all-MiniLM-L6-v2.")
                    String model) {
        Path directory = pulled(model);
        if (directory != null) {
            System.err.println("It lies in " + directory);
        }
        System.out.println(Models.pin(model));
        return 0;
    }

    /** Tells of the download on stderr, a line per file and tenth of the model. */
    private static @Nullable Path pulled(String model) {
        StringBuilder told = new StringBuilder();
        return Models.download(model, (file, done, total) -> {
            String now = file + (total == 0 ? "" : " " + 10 * (done * 10 / total) + " %");
            if (!told.toString().equals(now)) {
                told.replace(0, told.length(), now);
                System.err.printf("%5.1f of %.1f MB  %s%n", done / (double) MEGABYTE, total / (double) MEGABYTE, file);
            }
        });
    }

    private static void print(String name, Object value) {
        System.out.printf("%-12s %s%n", name, value);
    }
}
