/**
 * Test data apart from the production code: a maker of small random models, an encoder in plain double arithmetic to
 * compare vectors with, and a maker of damaged inputs.
 */
@NullMarked
package dev.spindrift.udf.reference;

import org.jspecify.annotations.NullMarked;
