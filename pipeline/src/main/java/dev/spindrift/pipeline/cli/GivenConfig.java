package dev.spindrift.pipeline.cli;

import dev.spindrift.pipeline.embed.EmbedSettings;
import dev.spindrift.pipeline.embed.SharedEmbedderLease;
import dev.spindrift.pipeline.job.JobConfig;
import dev.spindrift.pipeline.job.Options;
import dev.spindrift.pipeline.warehouse.ModelTable;
import dev.spindrift.pipeline.warehouse.WarehouseSettings;
import dev.spindrift.udf.embed.SharedEmbedder;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The job's configuration as a command is given it: a file, single options, and without a file the local stack. */
final class GivenConfig {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The job's YAML file. Default: the addresses of the local stack.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One option of the job; wins over the file. May be repeated. docs/options.md lists them.")
    private List<String> set = new ArrayList<>();

    /** Everything, checked, as the arguments that the job takes; the model pinned to what it is now. */
    List<String> jobArguments() throws IOException {
        List<String> assignments = assignments();
        // As it is now: else the job could find that the hub's branch has moved on.
        assignments.add("embed.model="
                + JobConfig.load(file, assignments).embed().model().model());
        return Options.arguments(file, assignments);
    }

    /** Where the warehouse is; nothing else of the job needs to be given. */
    WarehouseSettings warehouse() throws IOException {
        return WarehouseSettings.from(Options.load(file, assignments()));
    }

    /** The model, which the local stack has no say in and need not be up for. */
    ModelSettings model() {
        return embed().model();
    }

    /** An embedder of {@code model} as the options describe it, which the caller closes. */
    SharedEmbedder embedder(ModelSettings model) {
        return SharedEmbedderLease.acquire(model, embed());
    }

    private EmbedSettings embed() {
        return EmbedSettings.from(Options.load(file, set));
    }

    /** The table of the model's vectors. */
    ModelTable modelTable() {
        return ModelTable.of(Models.info(model()));
    }

    private List<String> assignments() throws IOException {
        List<String> all = new ArrayList<>();
        if (file == null) {
            all.addAll(LocalStackState.required("--config").jobOptions());
        }
        all.addAll(set);
        return all;
    }
}
