package dev.spindrift.local.warehouse.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is bound to one {@code ?}: one value, or one value per row of an array bind.
 *
 * @param type the driver's name of the type: FIXED, REAL, TEXT, BOOLEAN, DATE, TIME, TIMESTAMP_NTZ, ..., ANY
 * @param values in the driver's text form (dates in epoch milliseconds, times and timestamps in nanoseconds)
 * @param array whether it is an array bind, even of one row
 */
public record Bind(String type, List<@Nullable String> values, boolean array) {}
