package dev.spindrift.bench;

import java.util.List;
import java.util.function.IntFunction;

/**
 * One thing that is timed again and again.
 *
 * @param contender what is timed
 * @param lengths of which texts: {@code mixed}, a number of tokens, or {@code -} if it reads none
 * @param workers threads besides the caller's that compute for it
 * @param run does the work of a round and says how much that was
 */
record Series(String contender, String lengths, List<Thread> workers, IntFunction<Work> run) {}
