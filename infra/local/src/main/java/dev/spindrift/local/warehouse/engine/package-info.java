/** Snowflake's statements run on DuckDB: catalog, transactions, locks, loading. */
@NullMarked
package dev.spindrift.local.warehouse.engine;

import org.jspecify.annotations.NullMarked;
