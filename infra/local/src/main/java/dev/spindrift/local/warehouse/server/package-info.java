/** Snowflake's wire protocol over HTTP, as its drivers speak it. */
@NullMarked
package dev.spindrift.local.warehouse.server;

import org.jspecify.annotations.NullMarked;
