package dev.spindrift.udf.huggingface;

import org.jspecify.annotations.Nullable;

/**
 * A matrix product and what is added to it.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, or null for none
 */
record Affine(Numbers weight, @Nullable Numbers bias) {}
