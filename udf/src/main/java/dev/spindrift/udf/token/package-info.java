/** Tokens of texts: what a tokenizer gives, and what a model reads. */
@NullMarked
package dev.spindrift.udf.token;

import org.jspecify.annotations.NullMarked;
