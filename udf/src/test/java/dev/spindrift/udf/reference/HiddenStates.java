package dev.spindrift.udf.reference;

/** What an encoder makes of tokens, before pooling. */
interface HiddenStates {

    /** The last hidden state, [tokens, hidden], of one sequence by itself. */
    double[][] of(int[] ids);
}
