/** A Snowflake-compatible warehouse in one process: the protocol, the stages and the engine put together. */
@NullMarked
package dev.spindrift.local.warehouse;

import org.jspecify.annotations.NullMarked;
