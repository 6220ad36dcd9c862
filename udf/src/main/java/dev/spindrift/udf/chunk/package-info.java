/** Cutting a text into chunks of a model's tokens. */
@NullMarked
package dev.spindrift.udf.chunk;

import org.jspecify.annotations.NullMarked;
