/** Counters that keep their value across restarts. */
@NullMarked
package dev.spindrift.pipeline.tally;

import org.jspecify.annotations.NullMarked;
