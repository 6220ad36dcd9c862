/** What else runs in libtorch: DJL's own translator, and bare matrix products. */
@NullMarked
package dev.spindrift.bench.torch;

import org.jspecify.annotations.NullMarked;
