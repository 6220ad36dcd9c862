package dev.spindrift.pipeline.job;

import dev.spindrift.pipeline.chunk.ChunkOptions;
import dev.spindrift.pipeline.embed.EmbedSettings;
import dev.spindrift.pipeline.sink.SinkSettings;
import dev.spindrift.pipeline.source.SourceSettings;
import dev.spindrift.pipeline.warehouse.WarehouseSettings;
import dev.spindrift.udf.chunk.ChunkSettings;
import dev.spindrift.udf.model.ModelInfo;
import dev.spindrift.udf.model.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * All that a job is told, checked as a whole before anything starts. Its model is pinned, so that all machines use the
 * same, also after a restart. Holds no secrets and may be printed.
 */
public record JobConfig(
        SourceSettings source,
        ChunkSettings chunk,
        EmbedSettings embed,
        ModelInfo model,
        WarehouseSettings warehouse,
        SinkSettings sink,
        CheckpointSettings checkpoint) {

    /**
     * Reads {@code file} and the overrides above it.
     *
     * @param overrides each {@code key=value}
     * @throws IllegalArgumentException naming everything that is wrong
     */
    public static JobConfig load(@Nullable Path file, List<String> overrides) {
        Options options = Options.read(file, overrides);
        Checks checks = new Checks(options);
        SourceSettings source = checks.section(SourceSettings::from);
        EmbedSettings embed =
                checks.section(config -> EmbedSettings.from(config).pinned());
        ModelInfo model = embed == null ? null : checks.section(config -> Models.info(embed.model()));
        ChunkSettings chunk = checks.section(config -> ChunkOptions.settings(config, model));
        WarehouseSettings warehouse = checks.section(WarehouseSettings::from);
        SinkSettings sink = checks.section(SinkSettings::from);
        CheckpointSettings checkpoint = checks.section(CheckpointSettings::from);
        Options.refuse(checks.mistakes);
        if (source == null
                || chunk == null
                || embed == null
                || model == null
                || warehouse == null
                || sink == null
                || checkpoint == null) {
            throw new IllegalStateException("Cannot read the configuration: a section without a mistake is missing.");
        }
        return new JobConfig(source, chunk, embed, model, warehouse, sink, checkpoint);
    }

    /** Reads section after section and keeps what each complains about. */
    private static final class Checks {
        private final Configuration config;
        private final List<String> mistakes;

        Checks(Options options) {
            this.config = options.config();
            this.mistakes = new ArrayList<>(options.mistakes());
        }

        <T> @Nullable T section(Function<ReadableConfig, T> read) {
            try {
                return read.apply(config);
            } catch (IllegalArgumentException e) {
                String message = e.getMessage() == null ? e.toString() : e.getMessage();
                mistakes.addAll(message.lines().toList());
                return null;
            }
        }
    }
}
