/** Chunks back into documents, by counting acknowledgements. */
@NullMarked
package dev.spindrift.pipeline.assemble;

import org.jspecify.annotations.NullMarked;
