/** TorchScript archives, written and run: the one place that knows DJL's PyTorch engine. */
@NullMarked
package dev.spindrift.udf.torch;

import org.jspecify.annotations.NullMarked;
