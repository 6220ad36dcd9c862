/** Turning texts into vectors, in batches that every caller of the JVM shares. */
@NullMarked
package dev.spindrift.udf.embed;

import org.jspecify.annotations.NullMarked;
