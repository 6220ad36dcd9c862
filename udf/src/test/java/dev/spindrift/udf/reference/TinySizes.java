package dev.spindrift.udf.reference;

/** The sizes that all families have, whatever their config.json calls them. */
record TinySizes(
        int hidden, int layers, int heads, int kvHeads, int headDim, int intermediate, int vocab, int maxPositions) {}
