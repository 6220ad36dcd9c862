/** The benchmark of the embedding engine, as {@code ./spindrift bench embed} runs it. */
@NullMarked
package dev.spindrift.bench;

import org.jspecify.annotations.NullMarked;
