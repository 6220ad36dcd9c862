package dev.spindrift.udf.model;

import java.util.Locale;

/** The numbers a model computes with. It is part of a model's identity: vectors of two precisions are never mixed. */
public enum Precision {
    /** 32-bit floats throughout. */
    FP32,
    /** bfloat16 weights and activations; pooling and normalization in 32 bits. */
    BF16,
    /** 16-bit floats for weights and activations; pooling and normalization in 32 bits. */
    FP16,
    /** 8-bit integers in the matrix products, with a scale per token and per row of weights; the rest in 32 bits. */
    INT8;

    /** As options and tables name it, such as {@code fp32}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
