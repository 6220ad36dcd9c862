/** How well labelled questions find their documents: rankings, metrics, and a report that a later one is held against. */
@NullMarked
package dev.spindrift.pipeline.evaluate;

import org.jspecify.annotations.NullMarked;
