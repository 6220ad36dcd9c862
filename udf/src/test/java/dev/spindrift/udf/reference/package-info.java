/**
 * Test data apart from the production code: a maker of small random models, and an encoder in plain double arithmetic to
 * compare vectors with.
 */
@NullMarked
package dev.spindrift.udf.reference;

import org.jspecify.annotations.NullMarked;
