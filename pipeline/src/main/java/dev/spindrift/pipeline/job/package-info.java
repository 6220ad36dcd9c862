/** The job on one screen, and its options. */
@NullMarked
package dev.spindrift.pipeline.job;

import org.jspecify.annotations.NullMarked;
