package dev.spindrift.udf.huggingface;

import java.util.List;

/**
 * What makes one vector of a text's tokens.
 *
 * @param pooling the vectors made of the tokens, put behind each other in the order of the enum
 * @param denses what the result goes through
 * @param normalize whether it is then brought to length 1
 * @param dimension how many numbers are kept; if there are more, the rest is brought to length 1 again
 */
record Head(List<Pooling> pooling, List<Dense> denses, boolean normalize, int dimension) {}
