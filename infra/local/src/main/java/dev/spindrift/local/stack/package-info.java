/** The local stack: processes started, watched, restarted and stopped together. */
@NullMarked
package dev.spindrift.local.stack;

import org.jspecify.annotations.NullMarked;
