/** A tokenizer and a parser for the closed set of Snowflake SQL that the local warehouse knows. */
@NullMarked
package dev.spindrift.local.warehouse.sql;

import org.jspecify.annotations.NullMarked;
