/** The one place that speaks JDBC: connections to Snowflake and the scripts run over them. */
@NullMarked
package dev.spindrift.pipeline.warehouse;

import org.jspecify.annotations.NullMarked;
