/** A BERT through ONNX Runtime, as common Java embedders run it. */
@NullMarked
package dev.spindrift.bench.onnx;

import org.jspecify.annotations.NullMarked;
