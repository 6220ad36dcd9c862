package dev.spindrift.pipeline.assemble;

/** State: place of the newest document row that has left. Public for Flink's serializer only. */
public record NewestRow(long version, long sequence) {}
