package dev.spindrift.pipeline.warehouse;

/** A model's table holds the vectors of another model, or of this one as another machine computes it. No retry helps. */
public final class OtherVectorsException extends IllegalStateException {
    OtherVectorsException(String message) {
        super(message);
    }
}
