/** BERT models as Hugging Face directories: written with random weights, and read. */
@NullMarked
package dev.spindrift.bench.bert;

import org.jspecify.annotations.NullMarked;
