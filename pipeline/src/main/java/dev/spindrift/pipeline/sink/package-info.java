/** Rows into staged files, and the files of one checkpoint into one transaction. */
@NullMarked
package dev.spindrift.pipeline.sink;

import org.jspecify.annotations.NullMarked;
