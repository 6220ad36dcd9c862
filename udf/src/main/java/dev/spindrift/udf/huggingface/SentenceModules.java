package dev.spindrift.udf.huggingface;

import java.nio.file.Path;
import java.util.List;

record SentenceModules(
        List<Pooling> pooling,
        boolean includePrompt,
        List<Dense> dense,
        boolean normalize,
        int maxTokens,
        String documentPrompt,
        String queryPrompt) {
    static SentenceModules read(Path directory, String name) {
        return new SentenceModules(List.of(Pooling.MEAN), true, List.of(), true, 0, "", "");
    }
}
