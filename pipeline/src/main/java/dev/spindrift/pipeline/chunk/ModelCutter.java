package dev.spindrift.pipeline.chunk;

import dev.spindrift.udf.chunk.Chunk;
import dev.spindrift.udf.chunk.ChunkSettings;
import dev.spindrift.udf.chunk.Chunker;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts by the tokens of a model, whose engine it does not start. */
public final class ModelCutter implements Cutter {
    private static final long serialVersionUID = 1L;

    private final ModelSettings model;
    private final int targetTokens;
    private final int overlapTokens;
    private transient @Nullable Chunker chunker;

    public ModelCutter(ModelSettings model, ChunkSettings settings) {
        this.model = model;
        this.targetTokens = settings.targetTokens();
        this.overlapTokens = settings.overlapTokens();
    }

    @Override
    public List<Chunk> cut(String text, String mediaType) {
        return chunker().chunk(text, mediaType);
    }

    @Override
    public String fingerprint() {
        return chunker().fingerprint();
    }

    /** Made on the TaskManager: a tokenizer is large and does not travel. */
    private Chunker chunker() {
        Chunker current = chunker;
        if (current == null) {
            current = new Chunker(
                    new ChunkSettings(targetTokens, overlapTokens),
                    Models.tokenizer(model),
                    Models.info(model).maxTokens());
            chunker = current;
        }
        return current;
    }
}
