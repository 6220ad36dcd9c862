/** Texts as hashed words and parts of words: what the built-in model is made from. */
@NullMarked
package dev.spindrift.udf.lexical;

import org.jspecify.annotations.NullMarked;
