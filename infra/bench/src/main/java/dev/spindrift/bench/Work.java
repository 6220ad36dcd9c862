package dev.spindrift.bench;

import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.udf.token.ModelInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much a piece of work was.
 *
 * @param tokens useful tokens: those of the texts, special tokens included, padding not
 * @param flops useful floating point operations
 */
record Work(long tokens, double flops) {

    /** That of embedding {@code texts} once. The operations count only where {@code shape} tells them. */
    static Work of(List<ModelInput> texts, @Nullable BertShape shape) {
        return new Work(
                texts.stream().mapToLong(text -> text.ids().length).sum(),
                shape == null
                        ? 0
                        : texts.stream()
                                .mapToDouble(text -> shape.flops(text.ids().length))
                                .sum());
    }
}
