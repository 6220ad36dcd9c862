package dev.spindrift.udf.huggingface;

import org.jspecify.annotations.Nullable;

/**
 * A layer behind the pooling.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, or null for none
 */
record Dense(Numbers weight, @Nullable Numbers bias, Activation activation) {}
