/** Documents into chunks, per document, newest version only. */
@NullMarked
package dev.spindrift.pipeline.chunk;

import org.jspecify.annotations.NullMarked;
