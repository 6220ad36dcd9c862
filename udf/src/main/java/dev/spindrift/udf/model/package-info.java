/** Embedding models: their tokenizers, their identity and the engine that runs them. */
@NullMarked
package dev.spindrift.udf.model;

import org.jspecify.annotations.NullMarked;
