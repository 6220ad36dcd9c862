/** The values that flow between the stages, and the rows that reach the warehouse. */
@NullMarked
package dev.spindrift.pipeline.data;

import org.jspecify.annotations.NullMarked;
