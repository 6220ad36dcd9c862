/** Each distinct text into a vector once, without blocking the task thread. */
@NullMarked
package dev.spindrift.pipeline.embed;

import org.jspecify.annotations.NullMarked;
