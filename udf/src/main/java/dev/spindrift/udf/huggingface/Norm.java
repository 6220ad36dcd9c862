package dev.spindrift.udf.huggingface;

import org.jspecify.annotations.Nullable;

/**
 * The learned part of a normalization.
 *
 * @param weight {@code [width]}
 * @param bias {@code [width]}, or null for none
 */
record Norm(Numbers weight, @Nullable Numbers bias) {}
