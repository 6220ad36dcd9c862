package dev.spindrift.local.warehouse.engine;

/** A column of a result, named as Snowflake names it (unquoted names in upper case). */
public record Column(String name, ColumnType type, boolean nullable) {}
