/** Documents out of a Kafka topic; what cannot be parsed is rejected with its coordinates. */
@NullMarked
package dev.spindrift.pipeline.source;

import org.jspecify.annotations.NullMarked;
