package dev.spindrift.local.warehouse.engine;

/** A column of a relation: its Snowflake name, and the DuckDB text that gives it. */
record Field(String name, Typed value) {}
